package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.FileView;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.FileChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a clone wrote, or tried to write, outside of all its mounts.
final class MissedWrites {
    /// Paths that the engine provides in every container.
    private static final List<String> ENGINE_PATHS =
            List.of(
                    "/dev",
                    "/proc",
                    "/sys",
                    "/etc/hostname",
                    "/etc/hosts",
                    "/etc/resolv.conf",
                    "/.dockerenv");

    /// Limits the queries for file types. Each is a call of the engine's API.
    private static final int MAX_TYPE_QUERIES = 50;

    private static final int MAX_WRITES = 20_000;

    /// The messages of programs and libraries for EROFS.
    private static final Pattern READ_ONLY_ERROR =
            Pattern.compile(
                    "(?i)read-?only file ?system|\\bEROFS\\b|\\b(?:os error|errno)[ =:]*30\\b");

    private static final Pattern PATH = Pattern.compile("/[^\\s'\"`:,;()\\[\\]<>]+");

    private MissedWrites() {}

    /// What differs from the image, and what was open for writing.
    ///
    /// A changed directory counts only if nothing below it changed: then something was created in
    /// it and removed. Mount points and their parent directories do not count, because the engine
    /// creates them.
    static List<WrittenFile> of(
            List<FileChange> changes,
            List<WrittenFile> open,
            List<DeclaredMount> mounts,
            FileView files) {
        List<String> mountPoints = mountPoints(mounts);
        TreeSet<String> rows = new TreeSet<>();
        changes.forEach(change -> rows.add(change.path()));
        Map<String, WrittenFile> missed = new LinkedHashMap<>();
        int typeQueries = 0;
        for (FileChange change : changes) {
            String path = change.path();
            String next = rows.ceiling(path + "/");
            boolean isLeaf = next == null || !next.startsWith(path + "/");
            if (isLeaf && isOutside(path, mountPoints) && missed.size() < MAX_WRITES) {
                boolean gone = change.kind() == FileChange.Kind.DELETED;
                FileType type =
                        gone || typeQueries++ >= MAX_TYPE_QUERIES
                                ? FileType.UNKNOWN
                                : files.file(path).map(FileFacts::type).orElse(FileType.UNKNOWN);
                missed.put(path, new WrittenFile(path, type, gone, false, 1, 0, false, Set.of()));
            }
        }
        open.stream()
                .filter(written -> isOutside(written.path(), mountPoints))
                .limit(MAX_WRITES)
                .forEach(written -> missed.put(written.path(), written));
        return List.copyOf(missed.values());
    }

    /// What the clone could not write, according to its log.
    static List<WrittenFile> of(List<String> log, List<DeclaredMount> mounts) {
        List<String> mountPoints = mountPoints(mounts);
        Map<String, WrittenFile> missed = new LinkedHashMap<>();
        for (String line : log) {
            missedPath(line)
                    .filter(path -> isOutside(path, mountPoints))
                    .ifPresent(path ->
                            missed.putIfAbsent(
                                    path,
                                    new WrittenFile(
                                            path,
                                            FileType.UNKNOWN,
                                            false,
                                            false,
                                            1,
                                            0,
                                            false,
                                            Set.of())));
        }
        return List.copyOf(missed.values());
    }

    /// Whether a line of a log is about a read-only filesystem.
    static boolean isReadOnlyError(String line) {
        return READ_ONLY_ERROR.matcher(line).find();
    }

    /// The path after the error, otherwise the last path before it. Programs use both orders.
    private static Optional<String> missedPath(String line) {
        Matcher error = READ_ONLY_ERROR.matcher(line);
        if (!error.find()) {
            return Optional.empty();
        }
        String before = line.substring(0, error.start());
        String after = line.substring(error.end());
        return Stream.concat(paths(after).stream().limit(1), paths(before).reversed().stream())
                .findFirst();
    }

    private static List<String> paths(String text) {
        List<String> paths = new ArrayList<>();
        Matcher matcher = PATH.matcher(text);
        while (matcher.find()) {
            boolean absolute =
                    matcher.start() == 0
                            || !Character.isLetterOrDigit(text.charAt(matcher.start() - 1));
            String path = matcher.group().replaceFirst("[./]+$", "");
            if (absolute && path.length() > 1 && !path.startsWith("//")) {
                paths.add(path);
            }
        }
        return paths;
    }

    private static List<String> mountPoints(List<DeclaredMount> mounts) {
        return mounts.stream().map(DeclaredMount::destination).toList();
    }

    private static boolean isOutside(String path, List<String> mountPoints) {
        return Stream.concat(mountPoints.stream(), ENGINE_PATHS.stream())
                .noneMatch(mount -> path.equals(mount) || path.startsWith(mount + "/"));
    }
}
