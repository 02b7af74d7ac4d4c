package io.github.writeprobe.recommend.observe;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds in a log what a container with a read-only root filesystem could not write.
public final class ReadOnlyErrorFinder {
    /// How many lines of a log to read.
    public static final int LOG_LINES = 300;

    /// The messages of programs and libraries for EROFS.
    private static final Pattern READ_ONLY =
            Pattern.compile(
                    "(?i)read-?only file ?system|\\bEROFS\\b|\\b(?:os error|errno)[ =:]*30\\b");

    /// The messages of programs that tried several directories for temporary files. Most of them do
    /// not say why none could be used.
    private static final Pattern NO_TEMPORARY_DIRECTORY =
            Pattern.compile(
                    "(?i)no usable temporary directory"
                            + "|(?:cannot|can't|could not|couldn't|unable to|failed to) "
                            + "(?:create|open|make|find|write)[^/]{0,20} te?mp(?:orary)?[ -]?(?:file|dir)");

    private static final String TEMPORARY_DIRECTORY = "/tmp";
    private static final Pattern PATH = Pattern.compile("/[^\\s'\"`:,;()\\[\\]<>]+");

    private ReadOnlyErrorFinder() {}

    /// @param log untrusted text
    /// @param mounts of the container; paths on them are left out
    /// @return paths. Untrusted text
    public static List<String> of(List<String> log, List<DeclaredMount> mounts) {
        Set<String> refused = new LinkedHashSet<>();
        for (String line : log) {
            refusedPath(line)
                    .filter(path -> !EngineCreatedPaths.contains(path))
                    .filter(path ->
                            mounts.stream()
                                    .noneMatch(m -> MountTable.isAtOrBelow(path, m.destination())))
                    .ifPresent(refused::add);
        }
        return List.copyOf(refused);
    }

    /// Whether a line of a log is about a write that was refused.
    public static boolean isRefusal(String line) {
        return READ_ONLY.matcher(line).find() || NO_TEMPORARY_DIRECTORY.matcher(line).find();
    }

    /// The path after the error, otherwise the last path before it. Programs use both orders.
    private static Optional<String> refusedPath(String line) {
        Matcher error = READ_ONLY.matcher(line);
        if (!error.find()) {
            return NO_TEMPORARY_DIRECTORY.matcher(line).find()
                    ? Optional.of(TEMPORARY_DIRECTORY)
                    : Optional.empty();
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
}
