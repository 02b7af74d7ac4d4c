package io.github.writeprobe.engine;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.probes.kernel.HostFacts;
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

/// Finds the container in which this process runs, by properties that no other container can set:
/// its mount namespace, its cgroup, or the layer that its root filesystem writes to. Names, labels
/// and host names prove nothing, because the user of an engine chooses them. Neither do
/// `/etc/hostname` and similar files, which `--network container:ID` shares.
///
/// If none of these properties matches, this process does not run in a container.
public final class OwnContainer {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

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
        // The host's own mount namespace belongs to no container, and in another PID namespace the
        // PIDs mean other processes than those that an engine on the host reports.
        Optional<String> own = readLink(self.resolve("ns/mnt"));
        Optional<String> first = readLink(proc.resolve("1/ns/mnt"));
        boolean isComparable =
                first.isPresent()
                        && !first.equals(own)
                        && readLink(self.resolve("ns/pid"))
                                .equals(Optional.of(HostFacts.INITIAL_PID_NAMESPACE));
        mountNamespace = isComparable ? own : Optional.empty();
    }

    /// @param proc the mount point of procfs
    public static OwnContainer of(Path proc) {
        return new OwnContainer(proc);
    }

    /// The container id in the path of a cgroup. The innermost one counts, because an engine may
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

    /// Whether this process runs in the container.
    ///
    /// @param upper the directory on the host that the container's root filesystem writes to; empty
    ///   if the engine does not report it
    public boolean matches(Container container, String upper) {
        return cgroups.contains(container.id())
                || upperDirectory.filter(own -> isSameDirectory(own, upper)).isPresent()
                || (hasFilesOf(container) && isInMountNamespaceOf(container));
    }

    /// The same on an engine that lets no container join the mount namespace of another one, and
    /// keeps the files that it binds into containers for whole pods.
    public boolean matchesInPod(Container container) {
        return cgroups.contains(container.id()) || isInMountNamespaceOf(container);
    }

    /// overlay2 uses paths relative to its own directory if the mount options would not fit into
    /// one page.
    private static boolean isSameDirectory(String own, String upper) {
        return own.startsWith("/")
                ? own.equals(upper)
                : ID.matcher(own).find() && upper.endsWith("/" + own);
    }

    /// Whether the mount table has files that the engine keeps for the container. A container that
    /// shares its network has them, too.
    private boolean hasFilesOf(Container container) {
        return mountTable.contains("/" + container.id() + "/");
    }

    /// Whether the container's first process is in this process's mount namespace. Another
    /// container could have joined it.
    private boolean isInMountNamespaceOf(Container container) {
        return mountNamespace.isPresent()
                && container.pid() > 0
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
