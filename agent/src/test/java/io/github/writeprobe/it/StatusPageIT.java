package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.it.Lab.Image;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.report.Reports;
import io.github.writeprobe.report.html.HtmlFormat;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// The status page of a real agent on a real engine, in a browser.
class StatusPageIT {
    private static final Lab LAB = Lab.open();
    private static Browser browser;
    private static RunningAgent agent;
    private static String sealed;
    private static String open;

    @TempDir private static Path work;

    @BeforeAll
    static void start() {
        sealed = LAB.start(Image.BUSYBOX, options("shop", "web", "--read-only"));
        open = LAB.start(Image.BUSYBOX, options("wiki", "app"));
        agent = RunningAgent.start(configuration(""));
        browser = Browser.open();
        agent.await(
                "both judged",
                () -> !agent.verdicts(sealed).isEmpty() && !agent.verdicts(open).isEmpty());
        agent.await("ready", () -> agent.send("GET", "/-/ready").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        browser.close();
        agent.close();
        LAB.close();
    }

    private static String[] options(String project, String service, String... more) {
        return Stream.concat(
                        Stream.of(
                                "--label",
                                "com.docker.compose.project=" + project,
                                "--label",
                                "com.docker.compose.service=" + service,
                                "--tmpfs",
                                "/tmp:noexec"),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static String configuration(String more) {
        return "probe:\n  interval: 2s\n" + more;
    }

    private static String home() {
        return "http://" + agent.address() + "/";
    }

    private static String row(String container) {
        return "#r-" + anchor(container);
    }

    private static String anchor(String container) {
        return "c0-" + LAB.id(container).substring(0, 12);
    }

    private static String verdict(String container) {
        return browser.attribute(row(container), "data-verdict");
    }

    private static String file(Report report) throws IOException {
        Path file = Files.createTempFile(work, "report", ".html");
        try (Writer out = Files.newBufferedWriter(file)) {
            new HtmlFormat().write(report, out);
        }
        return file.toUri().toString();
    }

    @Test
    void verdictsAndCellsHaveText() {
        browser.navigate(home());

        assertThat(verdict(sealed)).isEqualTo("compliant");
        assertThat(verdict(open)).isEqualTo("violating");
        assertThat(browser.find(row(sealed)).getText())
                .contains("read-only", "memory", "by service");
        assertThat(browser.find(row(open)).getText())
                .contains("writable", "executable", "container");
        assertThat(browser.visibleTexts("#findings .finds").toString())
                .contains(open, "exposed at /", "Set read_only: true")
                .doesNotContain(sealed);
        assertThat(browser.visibleTexts("#findings h3")).contains("Compose project wiki");
    }

    @Test
    void aLinkLeadsToTheEvidence() {
        browser.navigate(home());

        browser.find(row(open) + " th a").click();

        assertThat(browser.find("#" + anchor(open)).getDomAttribute("open")).isNotNull();
        assertThat(browser.find("#" + anchor(open)).getText())
                .contains("mount table", "ReadonlyRootfs=false", "the default rule")
                .contains("exec as service", " / / rw,");
    }

    @Test
    void theFilterAndTheTogglesHideAndTheKeyboardReachesThem() {
        browser.navigate(home());

        browser.find("body").sendKeys("/");
        assertThat(browser.focused().getDomAttribute("id")).isEqualTo("filter");
        browser.type("wiki");

        assertThat(browser.find(row(sealed)).isDisplayed()).isFalse();
        assertThat(browser.find(row(open)).isDisplayed()).isTrue();
        assertThat(browser.content("#count")).startsWith("1 of ");
        browser.press(Keys.ESCAPE);
        assertThat(browser.find(row(sealed)).isDisplayed()).isTrue();
        browser.find("input[value=violating]").click();
        assertThat(browser.find(row(open)).isDisplayed()).isFalse();
        assertThat(browser.visibleTexts("#findings .finds").toString()).doesNotContain(open);
    }

    @Test
    void rowsAreSortedWithinTheirProject() throws IOException {
        browser.navigate(file(Reports.mixed()));
        List<String> names =
                browser.visibleTexts(".matrix tbody:nth-of-type(1) .row th b, .matrix .row th a");
        assertThat(names.getFirst()).isEqualTo("gateway");

        browser.find("#sort").sendKeys("name");

        assertThat(browser.visibleTexts(".matrix tbody:nth-of-type(1) .row th a"))
                .isSorted()
                .hasSizeGreaterThan(2);
    }

    @Test
    void aRemountIsSeenWithoutReloadingAndNothingOpenIsClosed() {
        String container = LAB.start(Image.BUSYBOX, options("late", "drifts", "--read-only"));
        String row = row(container);
        try {
            browser.navigate(home());
            browser.await(
                    "a new container",
                    () -> browser.attribute(row, "data-verdict").equals("compliant"));
            browser.run(
                    "window.same = true; document.querySelector(arguments[0]).open = true",
                    "#" + anchor(sealed));
            browser.find("#filter").sendKeys(LAB.tag());

            LAB.mount(container, "-o", "remount,bind,rw", "/");

            browser.await(
                    "drift", () -> browser.attribute(row, "data-verdict").equals("violating"));
            assertThat(browser.content(row)).contains("DRIFTED");
            assertThat(browser.run("return window.same")).isEqualTo(true);
            assertThat(browser.find("#" + anchor(sealed)).getDomAttribute("open")).isNotNull();
            assertThat(browser.find("#filter").getDomProperty("value")).isEqualTo(LAB.tag());
            assertThat(browser.focused().getDomAttribute("id")).isEqualTo("filter");
            assertThat(browser.content("#news")).contains(container + " is violating");
            assertThat(browser.findAll("#history li"))
                    .anySatisfy(change ->
                            assertThat(change.getDomProperty("textContent"))
                                    .contains(container, "compliant", "violating", "drift /"));
        } finally {
            LAB.docker("rm", "-f", container);
        }
        browser.await("its end", () -> browser.findAll(row).isEmpty());
    }

    @Test
    void aPageThatCannotReachTheAgentShowsIt() {
        RunningAgent other = RunningAgent.start(configuration(""));
        browser.navigate("http://" + other.address() + "/");
        browser.await("live", () -> browser.content("#live-text").startsWith("Live, as of"));

        other.close();

        browser.await(
                "not live", () -> browser.content("#live-text").startsWith("Not live since 20"));
        browser.consoleErrors();
    }

    @Test
    void itIsReadWithoutScripts() {
        try (Browser plain = Browser.withoutScripts()) {
            plain.navigate(home());

            assertThat(plain.find("#tools").isDisplayed()).isFalse();
            assertThat(plain.find(row(open)).getText()).contains("violating");
            plain.find(row(open) + " th a").click();
            plain.find("#" + anchor(open) + " summary").click();
            assertThat(plain.find("#" + anchor(open) + " .paths").isDisplayed()).isTrue();
        }
    }

    @Test
    void hostileTextsAreTexts() throws IOException {
        browser.consoleErrors();
        browser.navigate(file(Reports.hostile()));

        assertThat(browser.findAll("img, a[href*=evil], [onerror]")).isEmpty();
        assertThat(browser.findAll("script")).hasSize(1);
        assertThat(browser.content("#findings"))
                .contains("<img src=x onerror=alert(1)>", "\\u202e");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void itLoadsNothingFromElsewhereAndBreaksNoPolicy() {
        browser.consoleErrors();
        browser.requests();
        browser.navigate(home());
        browser.await("live", () -> browser.content("#live-text").startsWith("Live"));

        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(url -> url.startsWith(home()) || url.startsWith("data:image/svg+xml"));
        assertThat(browser.consoleErrors()).isEmpty();
        // The content security policy works: other scripts do not run.
        browser.run(
                "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
                        + "document.body.append(s)");
        assertThat(browser.run("return window.ran")).isNull();
        assertThat(browser.consoleErrors().toString()).contains("Content Security Policy");
    }

    @Test
    void pageHasNoAccessibilityViolations() throws IOException {
        for (String colours : List.of("light", "dark")) {
            browser.setColorScheme(colours);
            browser.navigate(home());
            browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
            assertThat(browser.accessibilityViolations()).as(colours).isEmpty();
            browser.navigate(file(Reports.mixed()));
            assertThat(browser.accessibilityViolations()).as(colours).isEmpty();
        }
        browser.setColorScheme("light");
    }

    @Test
    void aPhoneNeedsNotScrollSideways() throws IOException {
        browser.setSize(390, 844, true);
        for (String url : List.of(home(), file(Reports.mixed()), file(Reports.hostile()))) {
            browser.navigate(url);
            browser.run("document.querySelectorAll('details').forEach(d => d.open = true)");
            assertThat(
                            browser.run(
                                    "const w = document.documentElement.clientWidth;"
                                            + "return [...document.querySelectorAll('body *')].filter(e =>"
                                            + " !e.closest('.scroll, .sr, .skip') && e.getBoundingClientRect().right > w + 1)"
                                            + ".map(e => e.outerHTML.slice(0, 200))"))
                    .asString()
                    .isEqualTo("[]");
            assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(390L);
        }
        browser.setSize(1400, 1000, false);
    }

    @Test
    void aWideTableScrollsByItself() throws IOException {
        browser.setSize(1000, 800, false);
        browser.navigate(file(Reports.large(3, 20)));
        assertThat(browser.run("return document.querySelector('.scroll').scrollWidth > 1000"))
                .isEqualTo(true);
        assertThat(
                        browser.run(
                                "const d = document.documentElement; return d.scrollWidth - d.clientWidth"))
                .isEqualTo(0L);
        browser.setSize(1400, 1000, false);
    }

    @Test
    void aFileShowsTheSame() {
        Path file = work.resolve("audit.html");
        LAB.writeprobe("audit", "--format", "html", "--output", file.toString(), sealed, open);

        browser.navigate(file.toUri().toString());

        assertThat(verdict(sealed)).isEqualTo("compliant");
        assertThat(verdict(open)).isEqualTo("violating");
        assertThat(browser.findAll("#history, #live")).isEmpty();
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void threeHundredContainersOfTwentyPathsStaySmooth() throws IOException {
        Report report = Reports.large(300, 20);
        file(report);
        long start = System.nanoTime();
        String url = file(report);
        long made = (System.nanoTime() - start) / 1_000_000;
        long bytes = Files.size(Path.of(URI.create(url)));
        browser.navigate(url);

        assertThat(browser.findAll(".matrix .row")).hasSize(300);
        Object loaded =
                browser.run(
                        "return Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)");
        Object filtered =
                browser.run(
                        "const f = document.querySelector('#filter'), t = performance.now();"
                                + "f.value = 'service-123'; f.dispatchEvent(new Event('input', {bubbles: true}));"
                                + "document.body.offsetHeight; return Math.round(performance.now() - t)");
        System.out.println(
                bytes
                        + " bytes, made in "
                        + made
                        + " ms, loaded after "
                        + loaded
                        + " ms, filtered in "
                        + filtered
                        + " ms");
        assertThat(browser.content("#count")).isEqualTo("1 of 300 containers");
        assertThat(bytes).isLessThan(8_000_000);
        assertThat((Long) loaded).isLessThan(30_000);
        assertThat((Long) filtered).isLessThan(3_000);
    }
}
