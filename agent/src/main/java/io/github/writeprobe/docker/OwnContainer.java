package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.mounts.MountEntry;
import io.github.writeprobe.probes.mounts.MountTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which container this process runs in, by what no other container can set: its mount namespace,
/// its cgroup, or the layer that its root filesystem is written to. Names, labels and host names
/// say nothing, since whoever starts a container chooses them; neither do `/etc/hostname` and the
/// like, which `--network container:ID` shares.
///
/// Where none of these tells, it runs in no container.
final class OwnContainer {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    /// `PROC_PID_INIT_INO` of include/linux/proc_ns.h: the machine's first PID namespace, whose
    /// numbers are those that an engine on the machine tells.
    private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

    private static final String UPPERDIR_OPTION = "upperdir=";

    private final Path proc;
    private final List<String> cgroups;
    private final String mountTable;
    private final Optional<String> upperDirectory;
    private final Optional<String> mountNamespace;

    private OwnContainer(Path proc) {
        this.proc = proc;
        Path self = proc.resolve("self");
        cgroups =
                readText(self.resolve("cgroup"))
                        .lines()
                        .flatMap(l -> innermostId(l).stream())
                        .toList();
        mountTable = readText(self.resolve("mountinfo"));
        upperDirectory =
                MountTable.parse(mountTable).mountAt("/").flatMap(OwnContainer::upperDirectory);
        // The machine's own mounts are nobody's, and PIDs of another namespace mean other
        // processes.
        Optional<String> own = readLink(self.resolve("ns/mnt"));
        Optional<String> first = readLink(proc.resolve("1/ns/mnt"));
        boolean isComparable =
                first.isPresent()
                        && !first.equals(own)
                        && readLink(self.resolve("ns/pid"))
                                .equals(Optional.of(INITIAL_PID_NAMESPACE));
        mountNamespace = isComparable ? own : Optional.empty();
    }

    /// @param proc where procfs is mounted
    static OwnContainer of(Path proc) {
        return new OwnContainer(proc);
    }

    /// The container that a cgroup is named after; the innermost one counts, since an engine may
    /// run in a container.
    private static Optional<String> innermostId(String line) {
        Matcher ids = ID.matcher(line);
        Optional<String> last = Optional.empty();
        while (ids.find()) {
            last = Optional.of(ids.group());
        }
        return last;
    }

    private static Optional<String> upperDirectory(MountEntry root) {
        return root.filesystem().equals("overlay")
                ? root.superOptions().stream()
                        .filter(o -> o.startsWith(UPPERDIR_OPTION))
                        .map(o -> o.substring(UPPERDIR_OPTION.length()))
                        .filter(dir -> !dir.isEmpty())
                        .findFirst()
                : Optional.empty();
    }

    /// Whether it is this one.
    ///
    /// @param inspected the answer to `GET /containers/ID/json`
    boolean matches(Container container, JsonNode inspected) {
        String upper = inspected.path("GraphDriver").path("Data").path("UpperDir").asText("");
        return cgroups.contains(container.id())
                || upperDirectory.filter(own -> isSameDirectory(own, upper)).isPresent()
                || hasSameMounts(container);
    }

    /// overlay2 mounts by paths from its own directory where these are too many for one page.
    private static boolean isSameDirectory(String own, String upper) {
        return own.startsWith("/")
                ? own.equals(upper)
                : ID.matcher(own).find() && upper.endsWith("/" + own);
    }

    /// Its first process sees our mounts, and among them are the files that the engine keeps for
    /// it. One of the two another container could arrange: by joining our mount namespace, or where
    /// we share its network.
    private boolean hasSameMounts(Container container) {
        return mountNamespace.isPresent()
                && container.pid() > 0
                && mountTable.contains("/" + container.id() + "/")
                && readLink(proc.resolve(container.pid() + "/ns/mnt")).equals(mountNamespace);
    }

    private static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }

    private static Optional<String> readLink(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
