package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.kernel.FileStatus;
import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.OwnPrivilegeCheck;
import io.github.writeprobe.probes.kernel.SyscallAvailability;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a container changed in its root filesystem, read from the upper directory of its overlay.
///
/// `docker diff` shows the same. It needs the filesystem of the host: as root on it, or in a
/// container with the host's PID namespace, through `/proc/1/root`.
public final class OverlayChanges {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_CHANGES = 200_000;

    /// Limits the open descriptors: one for each level and layer.
    private static final int MAX_DEPTH = 100;

    /// There is no such directory, or it was removed or replaced: ENOENT, ENOTDIR, ELOOP. Any other
    /// error says nothing about what is there.
    private static final Set<Long> GONE = Set.of(-2L, -20L, -40L);

    /// @param path in the container. Untrusted text
    public record Change(String path, Kind kind) {
        public enum Kind {
            ADDED,
            /// It is in the image too. A directory is here only because of what is in it.
            CHANGED,
            DELETED
        }

        public Change {
            requireNonNull(path);
            requireNonNull(kind);
        }
    }

    public sealed interface Result {
        /// @param changes sorted by path
        record Found(List<Change> changes) implements Result {
            public Found {
                changes = List.copyOf(changes);
            }
        }

        /// @param reason for people
        record Unavailable(String reason) implements Result {
            public Unavailable {
                requireNonNull(reason);
            }
        }
    }

    private final LinuxSyscalls kernel;
    private final List<Change> changes = new ArrayList<>();

    private OverlayChanges(LinuxSyscalls kernel) {
        this.kernel = kernel;
    }

    /// A directory in the upper directory, and what the image has there.
    ///
    /// @param path in the container, without a slash at its end
    /// @param upper a descriptor
    /// @param lower descriptors, the uppermost first
    private record MergedDirectory(String path, int upper, List<Integer> lower) {}

    /// @param pid of the container's first process
    /// @param container the container's id
    public static Result read(long pid, String container) {
        return switch (SyscallAvailability.detect()) {
            case SyscallAvailability.Unavailable(String reason) -> new Result.Unavailable(reason);
            case SyscallAvailability.Available access ->
                    OwnPrivilegeCheck.missingToReadFiles(access.kernel(), access.self())
                            .<Result>map(Result.Unavailable::new)
                            .orElseGet(() ->
                                    new SyscallTimeoutExecutor(access.abi())
                                            .call(TIMEOUT, kernel -> read(kernel, pid, container))
                                            .orElse(
                                                    new Result.Unavailable(
                                                            "its upper directory was not read within %d s"
                                                                    .formatted(
                                                                            TIMEOUT.toSeconds()))));
        };
    }

    private static Result read(LinuxSyscalls kernel, long pid, String container) {
        ContainerFilesystem.OpenResult result =
                ContainerFilesystem.openContainer(kernel, pid, container);
        if (result.filesystem().isEmpty()) {
            return new Result.Unavailable(result.reason());
        }
        Optional<MountTable> mounts;
        try (ContainerFilesystem filesystem = result.filesystem().get()) {
            mounts = filesystem.mounts();
        }
        Optional<OverlayLayers> layers =
                mounts.flatMap(table -> table.mountCovering("/")).flatMap(OverlayLayers::of);
        return layers.isEmpty()
                ? new Result.Unavailable(
                        "its root filesystem is no overlay with an upper directory that is known")
                : new OverlayChanges(kernel).read(layers.get());
    }

    private Result read(OverlayLayers layers) {
        return HostRoot.find(kernel, root -> readBelow(root, layers))
                .orElseGet(() ->
                        new Result.Unavailable(
                                "the upper directory of its overlay, "
                                        + layers.upper()
                                        + ", cannot be seen from here: run writeprobe on the node"
                                        + " itself as root, or with the host's PID namespace and"
                                        + " CAP_SYS_PTRACE"));
    }

    private Optional<Result> readBelow(HostRoot root, OverlayLayers layers) {
        long upper = root.openDirectory(layers.upper());
        List<Integer> lower = new ArrayList<>();
        layers.lower().forEach(path -> addIfOpen(root.openDirectory(path), lower));
        if (upper >= 0 && lower.size() == layers.lower().size()) {
            return Optional.of(readAll(new MergedDirectory("", (int) upper, lower)));
        }
        kernel.close(upper);
        lower.forEach(kernel::close);
        return Optional.empty();
    }

    private Result readAll(MergedDirectory root) {
        String failure = readTree(root, 0);
        if (!failure.isEmpty()) {
            return new Result.Unavailable(failure);
        }
        changes.sort(Comparator.comparing(Change::path));
        return new Result.Found(changes);
    }

    /// Reads a directory and all below it, and closes it.
    ///
    /// @return why not all of it could be read; else empty
    private String readTree(MergedDirectory directory, int depth) {
        try {
            for (String name : kernel.files().listNames(directory.upper(), MAX_CHANGES)) {
                Optional<FileStatus> status = kernel.files().entryStatus(directory.upper(), name);
                if (status.isEmpty()) {
                    continue;
                }
                changes.add(
                        new Change(
                                directory.path() + "/" + name,
                                kind(status.get(), directory, name)));
                if (changes.size() > MAX_CHANGES) {
                    return "more than %d files differ from its image".formatted(MAX_CHANGES);
                }
                String failure =
                        status.get().isDirectory() ? readEntry(directory, name, depth) : "";
                if (!failure.isEmpty()) {
                    return failure;
                }
            }
            return "";
        } finally {
            kernel.close(directory.upper());
            directory.lower().forEach(kernel::close);
        }
    }

    private String readEntry(MergedDirectory directory, String name, int depth) {
        if (depth >= MAX_DEPTH) {
            return "its directories are nested more than %d deep".formatted(MAX_DEPTH);
        }
        long upper = openEntry(directory.upper(), name);
        if (upper < 0) {
            return GONE.contains(upper) ? "" : "its upper directory could not be read";
        }
        List<Integer> lower = new ArrayList<>();
        for (int layer : directory.lower()) {
            long opened = openEntry(layer, name);
            if (opened < 0 && !GONE.contains(opened)) {
                kernel.close(upper);
                lower.forEach(kernel::close);
                return "a layer of its image could not be read";
            }
            addIfOpen(opened, lower);
        }
        int before = changes.size();
        String failure =
                readTree(
                        new MergedDirectory(directory.path() + "/" + name, (int) upper, lower),
                        depth + 1);
        // Something was created in it and removed, for example by a probe. docker diff does not
        // list it either.
        if (changes.size() == before && changes.getLast().kind() == Change.Kind.CHANGED) {
            changes.removeLast();
        }
        return failure;
    }

    private Change.Kind kind(FileStatus status, MergedDirectory directory, String name) {
        if (status.isWhiteout()) {
            return Change.Kind.DELETED;
        }
        return isInImage(directory, name) ? Change.Kind.CHANGED : Change.Kind.ADDED;
    }

    private boolean isInImage(MergedDirectory directory, String name) {
        for (int lower : directory.lower()) {
            Optional<FileStatus> status = kernel.files().entryStatus(lower, name);
            if (status.isPresent()) {
                return !status.get().isWhiteout();
            }
        }
        return false;
    }

    private static void addIfOpen(long descriptor, List<Integer> descriptors) {
        if (descriptor >= 0) {
            descriptors.add((int) descriptor);
        }
    }

    /// The container can replace a directory by a link at any time.
    private long openEntry(int directory, String name) {
        return kernel.openIn(
                directory,
                name,
                LinuxSyscalls.O_RDONLY | LinuxSyscalls.O_CLOEXEC | kernel.abi().directory,
                0,
                LinuxSyscalls.RESOLVE_NO_SYMLINKS | LinuxSyscalls.RESOLVE_NO_XDEV);
    }
}
