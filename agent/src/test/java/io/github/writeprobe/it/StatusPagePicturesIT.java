package io.github.writeprobe.it;

import io.github.writeprobe.it.Lab.Image;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Takes the pictures in `docs/images`, of an agent on a private engine: `-Dpictures.update`. Check
/// them before you commit them.
@EnabledIfSystemProperty(named = "pictures.update", matches = "true")
class StatusPagePicturesIT {
    private static final Path IMAGES = Path.of("..", "docs", "images");
    private static final String NOEXEC = "/tmp:noexec,size=16m";
    private static final String POLICY =
            """
            policy:
              rules:
                - match: {compose-project: shop}
                  rootfs: read-only
                  noexec: [/tmp]
              waivers:
                - match: {container: legacy-billing}
                  reason: vendor image, replaced in Q1
                  owner: payments
                  expires: 2099-03-31
            """;

    private final Lab lab = Lab.open();
    private final List<String> tags = new ArrayList<>();

    private String start(String name, Image kind, String image, String... options) {
        String base = lab.image(kind);
        lab.docker("tag", base, image);
        tags.add(image);
        List<String> command =
                kind == Image.NO_SHELL ? List.of("/sleep", "3600") : List.of("sleep", "3600");
        String container = lab.start(image, command, options);
        lab.docker("rename", container, name);
        return name;
    }

    private void project(
            String project, String service, Image kind, String image, String... options) {
        start(
                project + "-" + service + "-1",
                kind,
                image,
                Stream.concat(
                                Stream.of(
                                        "--label",
                                        "com.docker.compose.project=" + project,
                                        "--label",
                                        "com.docker.compose.service=" + service),
                                Arrays.stream(options))
                        .toArray(String[]::new));
    }

    private void startContainers() {
        String data = lab.volume();
        String other = lab.volume();
        Image sh = Image.BUSYBOX;
        project("shop", "web", sh, "nginx:1.27", "--read-only", "--tmpfs", NOEXEC, "-u", "1000");
        project(
                "shop",
                "api",
                sh,
                "registry.example/shop/api:4.2",
                "-u",
                "1000",
                "-v",
                data + ":/data");
        project(
                "shop",
                "worker",
                sh,
                "registry.example/shop/worker:4.2",
                "--read-only",
                "--tmpfs",
                "/tmp:exec",
                "-v",
                data + ":/data");
        project(
                "shop",
                "db",
                sh,
                "postgres:16",
                "--read-only",
                "--tmpfs",
                NOEXEC,
                "--tmpfs",
                "/run",
                "--cap-drop",
                "ALL",
                "-v",
                other + ":/var/lib/postgresql/data");
        project("shop", "cache", sh, "redis:7.4", "--read-only", "--tmpfs", NOEXEC, "-u", "1000");
        project(
                "monitoring",
                "grafana",
                sh,
                "grafana/grafana:11.3",
                "--read-only",
                "--tmpfs",
                NOEXEC,
                "-u",
                "1000");
        project(
                "monitoring",
                "node-agent",
                sh,
                "prom/node-exporter:v1.8",
                "--read-only",
                "--tmpfs",
                NOEXEC,
                "--cap-add",
                "SYS_ADMIN");
        project("git", "gitea", sh, "gitea/gitea:1.22", "--tmpfs", NOEXEC);
        project("git", "runner", Image.NO_RM, "gitea/act_runner:0.2", "--read-only", "-u", "1000");
        start("resolver", Image.NO_SHELL, "gcr.io/distroless/static:1", "--read-only");
        start("edge", sh, "traefik:v3.2", "--read-only", "--tmpfs", NOEXEC, "-u", "1000");
        start("legacy-billing", sh, "vendor/billing:4");
    }

    @Test
    void inTheLightInTheDarkAndOnAPhone() {
        startContainers();
        // With exec only, which cannot probe images without a shell.
        try (RunningAgent agent =
                        RunningAgent.start(
                                "probe:\n  witness: exec\n  interval: 5s\n  exec-interval: 2s\n"
                                        + POLICY);
                Browser browser = Browser.open()) {
            agent.await("ready", () -> agent.send("GET", "/-/ready").statusCode() == 200);
            lab.mount("edge", "-o", "remount,bind,rw", "/");
            agent.await("drift", () -> agent.verdicts("edge").contains("compliant violating"));
            browser.setSize(1400, 1000, false);
            browser.navigate("http://" + agent.address() + "/");
            browser.await("live", () -> browser.content("#live-text").startsWith("Live"));
            screenshot(browser, "light", "body", "status-light.png");
            screenshot(browser, "dark", "#containers", "status-dark.png");
            browser.setSize(390, 844, true);
            browser.navigate("http://" + agent.address() + "/");
            screenshot(browser, "light", "#containers", "status-phone.png");
        } finally {
            lab.removeContainers();
            tags.forEach(tag -> lab.docker("rmi", tag));
            lab.close();
        }
    }

    private static void screenshot(Browser browser, String colours, String from, String file) {
        browser.setColorScheme(colours);
        browser.run("document.querySelector(arguments[0]).scrollIntoView()", from);
        // Recent changes are highlighted for a moment.
        RunningAgent.pause(Duration.ofSeconds(3));
        browser.takeScreenshot(IMAGES.resolve(file));
    }
}
