package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.model.EngineFiles;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directories in which an engine keeps its files, taken from the inspect of a container. So no
/// additional call is needed, which a proxy might forbid.
final class EngineDirectories {
    /// `HostnamePath` and similar fields: `DATAROOT/containers/ID/hostname`.
    private static final Pattern CONTAINERS =
            Pattern.compile("(/.*)/containers/[0-9a-f]{64}(?:/.*)?");

    /// `GraphDriver.Data.UpperDir`: `DATAROOT/overlay2/ID/diff`, and Podman's `overlay`.
    private static final Pattern LAYERS =
            Pattern.compile("(/.*)/(?:overlay2?|fuse-overlayfs)/[0-9a-f]{64}(?:-init)?/diff");

    /// `NetworkSettings.SandboxKey`: `EXECROOT/netns/NAME`.
    private static final Pattern NETWORKS = Pattern.compile("(/.*)/netns/[^/]+");

    private EngineDirectories() {}

    /// @param inspected the answer to `GET /containers/ID/json`
    static EngineFiles of(JsonNode inspected) {
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
        return new EngineFiles(
                roots.flatMap(Optional::stream).findFirst().orElse(""),
                matchRoot(NETWORKS, inspected.path("NetworkSettings").path("SandboxKey"))
                        // The directories that every program for network namespaces uses.
                        .filter(root -> !root.equals("/run") && !root.equals("/var/run"))
                        .orElse(""));
    }

    private static Optional<String> matchRoot(Pattern pattern, JsonNode path) {
        Matcher matcher = pattern.matcher(path.asText(""));
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
