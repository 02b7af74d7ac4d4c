package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.mounts.MountTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What the probe script printed, read.
///
/// A transcript is whole when it begins with `START`, ends with `END`, and tells one story of each
/// path. Everything else is malformed, and nothing in it is believed.
record Transcript(
        OptionalInt uid,
        MountTable mounts,
        boolean withoutRm,
        Map<Integer, Heard> heard,
        Optional<Write.Inconclusive> trouble) {

    /// What was heard of one path.
    record Heard(
            String path, String resolved, Write write, ExecutionOutcome execute, boolean left) {}

    static final String NO_ATTEMPT = "nothing was written";

    record Row(String word, List<String> arguments, String text) {}

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String why) {
            super(why);
        }
    }

    /// Reads what came out of the exec.
    ///
    /// @param output as printed, from a stranger
    /// @param asked the paths that the script was given; others it may speak of only where its
    ///   mount table has them
    static Transcript read(String output, Nonce nonce, List<String> asked) {
        List<Row> rows = rows(output, nonce.tag() + " ");
        try {
            return rows.isEmpty() ? notStarted(output) : assemble(rows, asked);
        } catch (Malformed why) {
            return failed(Cause.MALFORMED, String.valueOf(why.getMessage()));
        }
    }

    private static List<Row> rows(String output, String tag) {
        List<Row> rows = new ArrayList<>();
        String word = null;
        List<String> arguments = List.of();
        StringBuilder text = new StringBuilder();
        for (String line : output.split("\n", -1)) {
            if (line.startsWith(tag)) {
                if (word != null) {
                    rows.add(new Row(word, arguments, withoutLastNewline(text)));
                }
                List<String> fields = Arrays.asList(line.substring(tag.length()).split(" ", -1));
                word = fields.getFirst();
                arguments = fields.subList(1, fields.size());
                text.setLength(0);
            } else {
                text.append(line).append('\n');
            }
        }
        if (word != null) {
            rows.add(new Row(word, arguments, withoutLastNewline(text)));
        }
        return rows;
    }

    private static String withoutLastNewline(StringBuilder text) {
        return text.isEmpty() ? "" : text.substring(0, text.length() - 1);
    }

    /// Engines report a command that cannot be started in its output: moby#45795. The words differ
    /// between runc, crun and their versions, but each names the runtime, and the program it did
    /// not find.
    private static Transcript notStarted(String output) {
        String text = output.strip();
        boolean runtime = text.contains("exec failed") || text.contains("OCI runtime");
        if (!runtime) {
            return failed(
                    Cause.MALFORMED,
                    text.isEmpty() ? "it printed nothing" : "it printed: " + head(text));
        }
        boolean names =
                text.contains("\"sh\"") || text.contains("/bin/sh") || text.contains("`sh`");
        boolean noShell =
                names && (text.contains("not found") || text.contains("no such file or directory"));
        return noShell ? failed(Cause.NO_SHELL, "") : failed(Cause.EXEC_FAILED, head(text));
    }

    static String head(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    /// Nothing was heard.
    static Transcript failed(Cause cause, String detail) {
        return new Transcript(
                OptionalInt.empty(),
                MountTable.EMPTY,
                false,
                Map.of(),
                Optional.of(new Write.Inconclusive(cause, detail)));
    }

    private static Transcript assemble(List<Row> rows, List<String> asked) throws Malformed {
        Set<String> known = new HashSet<>(asked);
        if (!rows.getFirst().word().equals("START")) {
            throw new Malformed("the first record is " + head(rows.getFirst().word()));
        }
        OptionalInt uid = OptionalInt.empty();
        MountTable mounts = MountTable.EMPTY;
        boolean withoutRm = false;
        boolean ended = false;
        Map<Integer, PathRecords> stories = new LinkedHashMap<>();
        for (Row row : rows.subList(1, rows.size())) {
            if (ended) {
                throw new Malformed("there are records after the last one");
            }
            switch (row.word()) {
                case "UID" -> uid = OptionalInt.of(number(row));
                case "MOUNTS" -> {
                    if (!mounts.entries().isEmpty()) {
                        throw new Malformed("the mount table is told twice");
                    }
                    mounts = MountTable.parse(row.text());
                    mounts.entries().forEach(e -> known.add(e.mountPoint()));
                }
                case "NORM" -> withoutRm = true;
                case "END" -> ended = true;
                case "PATH" -> {
                    if (!known.contains(row.text())) {
                        throw new Malformed("a path is told that nobody asked for");
                    }
                    if (stories.put(
                                    number(row),
                                    new PathRecords(
                                            row.text(), withoutRm ? Cause.NO_RM : Cause.NOT_PROBED))
                            != null) {
                        throw new Malformed("a path is told twice");
                    }
                }
                default -> {
                    PathRecords story = stories.get(number(row));
                    if (story == null || !story.hear(row)) {
                        throw new Malformed("unexpected record " + head(row.word()));
                    }
                }
            }
        }
        if (!ended) {
            return failed(
                    Cause.MALFORMED, "the answer breaks off after " + head(rows.getLast().word()));
        }
        Map<Integer, Heard> heard = new LinkedHashMap<>();
        stories.forEach((i, story) -> heard.put(i, story.heard()));
        return new Transcript(uid, mounts, withoutRm, heard, Optional.empty());
    }

    private static int number(Row row) throws Malformed {
        try {
            return Integer.parseInt(row.arguments().getFirst());
        } catch (NumberFormatException | java.util.NoSuchElementException notANumber) {
            throw new Malformed("record " + head(row.word()) + " has no number");
        }
    }
}
