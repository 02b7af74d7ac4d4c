package io.github.writeprobe.it;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// Debian's Chromium, headless.
final class Browser implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser open() {
        return open(Map.of());
    }

    static Browser withoutScripts() {
        return open(Map.of("profile.managed_default_content_settings.javascript", 2));
    }

    private static Browser open(Map<String, Object> preferences) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--window-size=1400,1000");
        options.setExperimentalOption("prefs", preferences);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                        .build();
        return new Browser(new ChromeDriver(service, options));
    }

    Browser navigate(String url) {
        driver.get(url);
        return this;
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> findAll(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /// The visible texts of the matching elements.
    List<String> visibleTexts(String css) {
        return findAll(css).stream()
                .filter(WebElement::isDisplayed)
                .map(WebElement::getText)
                .map(String::strip)
                .toList();
    }

    /// The text of an element, visible or not; empty if there is no such element.
    String content(String css) {
        return query(css, "textContent.trim()");
    }

    /// Empty if there is no such element or attribute. Read in one call, since the page may replace
    /// the element between two calls.
    String attribute(String css, String name) {
        return query(css, "getAttribute('" + name + "')");
    }

    private String query(String css, String what) {
        return String.valueOf(
                run("return document.querySelector(arguments[0])?." + what + " ?? ''", css));
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    void type(CharSequence... keys) {
        focused().sendKeys(keys);
    }

    void press(Keys key) {
        focused().sendKeys(key);
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError(
                        "not within " + TIMEOUT + ": " + what + "\n" + find("body").getText());
            }
            RunningAgent.pause(Duration.ofMillis(50));
        }
    }

    /// The console errors since the last call: of scripts, of the content security policy, of
    /// loading.
    List<String> consoleErrors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(Object::toString)
                .toList();
    }

    /// The URLs that it requested since the last call.
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(e -> e.getMessage())
                .filter(m -> m.contains("Network.requestWillBeSent\""))
                .map(m -> m.replaceAll("(?s).*?\"request\":\\{.*?\"url\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    /// The accessibility violations that axe-core finds.
    List<String> accessibilityViolations() {
        Results results = new AxeBuilder().analyze(driver);
        List<String> violations = new ArrayList<>();
        for (Rule rule : results.getViolations()) {
            violations.add(rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes());
        }
        return violations;
    }

    void setColorScheme(String colours) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    void setSize(int width, int height, boolean phone) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    }

    void takeScreenshot(Path file) {
        Object data = driver.executeCdpCommand("Page.captureScreenshot", Map.of()).get("data");
        try {
            Files.write(file, Base64.getDecoder().decode(String.valueOf(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
