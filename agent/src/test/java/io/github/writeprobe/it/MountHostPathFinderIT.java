package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.it.Lab.Image;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The host paths that a mount shows, independent of its declaration, on an engine whose data-root,
/// exec-root and socket are in unusual places.
class MountHostPathFinderIT {
    private static PrivateEngine engine;
    private static Lab lab;

    @BeforeAll
    static void open() {
        engine = PrivateEngine.start();
        lab = Lab.open(engine.environment());
    }

    @AfterAll
    static void close() {
        lab.close();
        engine.close();
    }

    private static Path socket() {
        return Path.of(engine.host().substring("unix://".length()));
    }

    private static String volume(Path shown) {
        String name = lab.tag() + "-" + Integer.toHexString(shown.hashCode());
        return lab.docker(
                        "volume",
                        "create",
                        "--label",
                        lab.label(),
                        "--opt",
                        "type=none",
                        "--opt",
                        "o=bind",
                        "--opt",
                        "device=" + shown,
                        name)
                .strip();
    }

    private static JsonNode report(String container, String... options) throws IOException {
        List<String> args =
                new java.util.ArrayList<>(List.of("audit", "--format", "json", container));
        args.addAll(List.of(options));
        Lab.Run run = lab.writeprobe(lab.environment(), args.toArray(String[]::new));
        return new JsonMapper().readTree(run.out()).path("containers").path(0);
    }

    private static String start(String mount) {
        return lab.start(Image.BUSYBOX, "--read-only", "-v", mount);
    }

    private static void assertExposed(String mount, String... options) throws IOException {
        JsonNode report = report(start(mount), options);
        assertThat(report.path("findings").findValuesAsText("kind"))
                .as(mount + ": " + report)
                .contains("exposed");
        assertThat(report.path("verdict").asText()).isEqualTo("violating");
    }

    private static void assertCompliant(String... options) throws IOException {
        JsonNode report = report(lab.start(Image.BUSYBOX, options));
        assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo("compliant");
    }

    @Test
    void aSensitiveDirectoryIsKnownByWhatItIs() throws IOException {
        assertExposed(volume(Path.of("/etc")) + ":/y");
        Path link = lab.directory("links").resolve("etc");
        Files.createSymbolicLink(link, Path.of("/etc"));
        assertExposed(link + ":/y");
        assertExposed(volume(socket().resolveSibling("data").resolve("image")) + ":/y");
        assertExposed(socket().resolveSibling("data").resolve("containers") + ":/y");
    }

    /// The container's own mount table contains files of the engine, whose location the engine
    /// reports.
    @Test
    void aVolumeInDisguiseIsSeenByExecAloneOnTheDataRootsFilesystem() throws IOException {
        assertExposed(
                volume(socket().resolveSibling("data").resolve("network")) + ":/y",
                "--witness",
                "exec");
    }

    @Test
    void theEnginesOwnSocketIsReachedByWhateverMountHasIt() throws IOException {
        Path links = lab.directory("sockets");
        Path link = links.resolve("link");
        Files.createSymbolicLink(link, socket().getParent());
        assertExposed(link + ":/y:ro");
        assertExposed(volume(socket().getParent()) + ":/y:ro");
        Path hard = links.resolve("innocent");
        Files.createLink(hard, socket());
        assertExposed(hard + ":/y:ro");
    }

    @Test
    void anEnginesDirectoryOfSocketsIsOneWhereverItIs() throws IOException {
        assertExposed(socket().resolveSibling("run") + ":/y:ro");
        assertExposed(socket().resolveSibling("run") + ":/y:ro", "--witness", "exec");
        assertExposed("/var/run/docker:/y:ro", "--witness", "exec");
        assertExposed("/var/run/containerd:/y:ro");
    }

    /// As with an engine in a container that shares its socket through a volume.
    @Test
    void anotherEnginesSocketInAVolumeIsFoundAlsoWhenItComesLater() throws Exception {
        String volume = lab.volume();
        String container = start(volume + ":/y:ro");
        assertThat(report(container).path("verdict").asText()).isEqualTo("compliant");
        Path directory =
                Path.of(
                        lab.docker("volume", "inspect", "-f", "{{.Mountpoint}}", volume).strip(),
                        "docker");
        Files.createDirectory(directory);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(directory.resolve("docker.sock")));
            JsonNode report = report(container);
            assertThat(report.path("findings").findValuesAsText("kind"))
                    .as(report.toString())
                    .contains("exposed", "bypassable");
            Lab.Run explained = lab.writeprobe(lab.environment(), "explain", container);
            assertThat(explained.output()).contains("/y/docker/docker.sock");
        }
    }

    @Test
    void ordinaryMountsAreNotExposed() throws IOException {
        assertCompliant("--read-only", "-v", lab.volume() + ":/y");
        assertCompliant("--read-only", "-v", lab.directory("app") + ":/y", "--tmpfs", "/run");
        assertCompliant("--read-only", "--mount", "type=tmpfs,dst=/etc/x", "--ipc", "host");
    }
}
