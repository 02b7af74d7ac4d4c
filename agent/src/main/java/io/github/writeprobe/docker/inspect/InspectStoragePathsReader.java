package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.model.EngineStoragePaths;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directories in which an engine keeps its files, taken from the inspect of a container. So no
/// additional call is needed, which a proxy might forbid.
final class InspectStoragePathsReader {
    /// `HostnamePath` and similar fields: `DATAROOT/containers/ID/hostname`.
    private static final Pattern CONTAINERS =
            Pattern.compile("(/.*)/containers/[0-9a-f]{64}(?:/.*)?");

    /// `GraphDriver.Data.UpperDir`: `DATAROOT/overlay2/ID/diff`, and Podman's `overlay`.
    private static final Pattern LAYERS =
            Pattern.compile("(/.*)/(?:overlay2?|fuse-overlayfs)/[0-9a-f]{64}(?:-init)?/diff");

    /// `NetworkSettings.SandboxKey`: `EXECROOT/netns/NAME`.
    private static final Pattern NETWORKS = Pattern.compile("(/.*)/netns/[^/]+");

    /// Podman keeps a container's files in `…/overlay-containers/ID/userdata`, where `overlay` is
    /// the storage driver.
    private static final Pattern PODMAN_FILES =
            Pattern.compile("/.*/[a-z]+-containers/[0-9a-f]{64}/userdata/.*");

    /// Podman mounts the first three with `--read-only`, and the others and the first two for
    /// systemd. It reports none of them.
    ///
    /// @see <a href="https://docs.podman.io/en/latest/markdown/podman-run.1.html">podman-run(1),
    ///   `--read-only-tmpfs` and `--systemd`</a>
    private static final Set<String> PODMAN_TMPFS =
            Set.of("/run", "/tmp", "/var/tmp", "/run/lock", "/var/log/journal");

    private InspectStoragePathsReader() {}

    /// @param inspected the answer to `GET /containers/ID/json`
    static EngineStoragePaths of(JsonNode inspected) {
        Stream<Optional<String>> roots =
                Stream.concat(
                        Stream.of("HostnamePath", "HostsPath", "ResolvConfPath", "LogPath")
                                .map(key -> matchRoot(CONTAINERS, inspected.path(key))),
                        Stream.of(
                                matchRoot(
                                        LAYERS,
                                        inspected
                                                .path("GraphDriver")
                                                .path("Data")
                                                .path("UpperDir"))));
        return new EngineStoragePaths(
                roots.flatMap(Optional::stream).findFirst().orElse(""),
                matchRoot(NETWORKS, inspected.path("NetworkSettings").path("SandboxKey"))
                        // The directories that every program for network namespaces uses.
                        .filter(root -> !root.equals("/run") && !root.equals("/var/run"))
                        .orElse(""),
                isPodman(inspected) ? PODMAN_TMPFS : Set.of());
    }

    /// Whether Podman answered: its files are in other places than Docker's.
    static boolean isPodman(JsonNode inspected) {
        return Stream.of("HostnamePath", "HostsPath", "ResolvConfPath", "LogPath")
                .map(key -> inspected.path(key).asText(""))
                .anyMatch(path -> PODMAN_FILES.matcher(path).matches());
    }

    private static Optional<String> matchRoot(Pattern pattern, JsonNode path) {
        Matcher matcher = pattern.matcher(path.asText(""));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
