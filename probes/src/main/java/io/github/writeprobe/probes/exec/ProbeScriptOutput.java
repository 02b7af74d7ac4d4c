package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WriteResult;
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

/// The parsed output of the probe script.
///
/// A transcript is complete if it begins with `START`, ends with `END`, and has one consistent
/// sequence of records for each path. Everything else is malformed, and none of it is used.
record ProbeScriptOutput(
        OptionalInt uid,
        MountTable mounts,
        boolean rmMissing,
        Map<Integer, ParsedPath> outcomes,
        Optional<WriteResult.Inconclusive> trouble) {

    /// The result of one path.
    record ParsedPath(
            String path,
            String resolved,
            WriteResult write,
            FileExecutionResult execute,
            boolean leftover) {}

    static final String NO_ATTEMPT = "nothing was written";

    record Row(String type, List<String> arguments, String text) {}

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    /// Parses the output of an exec.
    ///
    /// @param output as printed: untrusted text
    /// @param requestedPaths the paths that the script was given; it may report other paths only if
    ///   they are in its mount table
    static ProbeScriptOutput parse(String output, Nonce nonce, List<String> requestedPaths) {
        List<Row> rows = rows(output, nonce.tag() + " ");
        try {
            return rows.isEmpty() ? notStarted(output) : assemble(rows, requestedPaths);
        } catch (Malformed e) {
            return failed(InconclusiveCause.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private static List<Row> rows(String output, String tag) {
        List<Row> rows = new ArrayList<>();
        String type = null;
        List<String> arguments = List.of();
        StringBuilder text = new StringBuilder();
        for (String line : output.split("\n", -1)) {
            if (line.startsWith(tag)) {
                if (type != null) {
                    rows.add(new Row(type, arguments, withoutLastNewline(text)));
                }
                List<String> fields = Arrays.asList(line.substring(tag.length()).split(" ", -1));
                type = fields.getFirst();
                arguments = fields.subList(1, fields.size());
                text.setLength(0);
            } else {
                text.append(line).append('\n');
            }
        }
        if (type != null) {
            rows.add(new Row(type, arguments, withoutLastNewline(text)));
        }
        return rows;
    }

    private static String withoutLastNewline(StringBuilder text) {
        return text.isEmpty() ? "" : text.substring(0, text.length() - 1);
    }

    /// If a command cannot be started, engines report that in its output: moby#45795. The wording
    /// differs between runc, crun and their versions, but each message names the runtime and the
    /// program that it did not find.
    private static ProbeScriptOutput notStarted(String output) {
        String text = output.strip();
        boolean runtime = text.contains("exec failed") || text.contains("OCI runtime");
        if (!runtime) {
            return failed(
                    InconclusiveCause.MALFORMED,
                    text.isEmpty() ? "it printed nothing" : "it printed: " + truncate(text));
        }
        boolean namesShell =
                text.contains("\"sh\"") || text.contains("/bin/sh") || text.contains("`sh`");
        boolean noShell =
                namesShell
                        && (text.contains("not found")
                                || text.contains("no such file or directory"));
        return noShell
                ? failed(InconclusiveCause.NO_SHELL, "")
                : failed(InconclusiveCause.EXEC_FAILED, truncate(text));
    }

    static String truncate(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }

    /// A transcript without results.
    static ProbeScriptOutput failed(InconclusiveCause cause, String detail) {
        return new ProbeScriptOutput(
                OptionalInt.empty(),
                MountTable.EMPTY,
                false,
                Map.of(),
                Optional.of(new WriteResult.Inconclusive(cause, detail)));
    }

    private static ProbeScriptOutput assemble(List<Row> rows, List<String> requestedPaths)
            throws Malformed {
        Set<String> known = new HashSet<>(requestedPaths);
        if (!rows.getFirst().type().equals("START")) {
            throw new Malformed("the first record is " + truncate(rows.getFirst().type()));
        }
        OptionalInt uid = OptionalInt.empty();
        MountTable mounts = MountTable.EMPTY;
        boolean rmMissing = false;
        boolean ended = false;
        Map<Integer, ProbeScriptPathParser> recordsByPath = new LinkedHashMap<>();
        for (Row row : rows.subList(1, rows.size())) {
            if (ended) {
                throw new Malformed("there are records after the last one");
            }
            switch (row.type()) {
                case "UID" -> uid = OptionalInt.of(number(row));
                case "MOUNTS" -> {
                    if (!mounts.entries().isEmpty()) {
                        throw new Malformed("it prints the mount table twice");
                    }
                    mounts = MountTable.parse(row.text());
                    mounts.entries().forEach(e -> known.add(e.mountPoint()));
                }
                case "NORM" -> rmMissing = true;
                case "END" -> ended = true;
                case "PATH" -> {
                    if (!known.contains(row.text())) {
                        throw new Malformed("it prints a path that was not requested");
                    }
                    if (recordsByPath.put(
                                    number(row),
                                    new ProbeScriptPathParser(
                                            row.text(),
                                            rmMissing
                                                    ? InconclusiveCause.NO_RM
                                                    : InconclusiveCause.NOT_PROBED))
                            != null) {
                        throw new Malformed("it prints a path twice");
                    }
                }
                default -> {
                    ProbeScriptPathParser records = recordsByPath.get(number(row));
                    if (records == null || !records.accept(row)) {
                        throw new Malformed("unexpected record " + truncate(row.type()));
                    }
                }
            }
        }
        if (!ended) {
            return failed(
                    InconclusiveCause.MALFORMED,
                    "the output ends after " + truncate(rows.getLast().type()));
        }
        Map<Integer, ParsedPath> outcomes = new LinkedHashMap<>();
        recordsByPath.forEach((i, records) -> outcomes.put(i, records.result()));
        return new ProbeScriptOutput(uid, mounts, rmMissing, outcomes, Optional.empty());
    }

    private static int number(Row row) throws Malformed {
        try {
            return Integer.parseInt(row.arguments().getFirst());
        } catch (NumberFormatException | java.util.NoSuchElementException notANumber) {
            throw new Malformed("record " + truncate(row.type()) + " has no number");
        }
    }
}
