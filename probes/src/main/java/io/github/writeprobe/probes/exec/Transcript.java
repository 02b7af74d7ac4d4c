package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.Execute;
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
    record Heard(String path, String resolved, Write write, Execute execute, boolean left) {}

    private static final String NO_ATTEMPT = "nothing was written";

    private record Row(String word, List<String> arguments, String text) {}

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

    private static String head(String text) {
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
        Map<Integer, Story> stories = new LinkedHashMap<>();
        for (Row row : rows.subList(1, rows.size())) {
            if (ended) {
                throw new Malformed("there are records after the last one");
            }
            switch (row.word()) {
                case "UID" -> uid = OptionalInt.of(number(row));
                case "MOUNTS" -> {
                    mounts = MountTable.parse(row.text());
                    mounts.entries().forEach(e -> known.add(e.mountPoint()));
                }
                case "NORM" -> withoutRm = true;
                case "END" -> ended = true;
                case "PATH" -> {
                    if (!known.contains(row.text())) {
                        throw new Malformed("a path is told that nobody asked for");
                    }
                    if (stories.put(number(row), new Story(row.text())) != null) {
                        throw new Malformed("a path is told twice");
                    }
                }
                default -> {
                    Story story = stories.get(number(row));
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

    /// One path's records, in the order in which the script prints them.
    private static final class Story {
        private final String path;
        private String resolved;
        private Write write = new Write.Inconclusive(Cause.NOT_PROBED, "");
        private Execute execute = new Execute.Untested(NO_ATTEMPT);
        private String last = "PATH";
        private boolean left;

        Story(String path) {
            this.path = path;
            this.resolved = path;
        }

        /// Takes in the next record; false if it cannot follow what was heard before.
        boolean hear(Row row) {
            boolean follows =
                    switch (row.word()) {
                        case "LEADS" -> last.equals("PATH");
                        case "DIR", "FILE", "IMAGEFILE", "SPECIAL", "DANGLING", "ABSENT" ->
                                last.equals("LEADS");
                        case "EXISTS", "MADE" -> last.equals("DIR");
                        case "FAILED" -> last.equals("DIR") || last.equals("FILE");
                        case "OPENED" -> last.equals("FILE");
                        case "ASKED" -> last.equals("FAILED");
                        case "WROTE", "FULL" -> last.equals("MADE");
                        case "RUN" -> last.equals("WROTE") || last.equals("FULL");
                        case "RAN" -> last.equals("RUN");
                        case "LEFT" -> Set.of("RAN", "WROTE", "FULL", "EXISTS").contains(last);
                        default -> false;
                    };
            if (!follows) {
                return false;
            }
            // A shell prints its error before the record that says it failed, so the text hangs on
            // the one before.
            String said = lastText;
            switch (row.word()) {
                case "LEADS" -> {
                    if (!row.text().isEmpty() && !row.text().startsWith("/")) {
                        return false;
                    }
                    resolved = row.text().isEmpty() ? path : row.text();
                }
                case "IMAGEFILE" -> write = new Write.Inconclusive(Cause.IMAGE_FILE, "");
                case "SPECIAL" -> write = new Write.Inconclusive(Cause.SPECIAL_FILE, "");
                case "DANGLING" ->
                        write =
                                new Write.Inconclusive(
                                        Cause.UNEXPECTED_ERROR,
                                        "a symbolic link that leads nowhere");
                case "ABSENT" -> write = new Write.Absent();
                case "EXISTS" -> write = new Write.Inconclusive(Cause.NAME_TAKEN, "");
                case "FAILED" -> write = refused(said, false);
                case "ASKED" -> write = better(write, refused(said, false));
                case "FULL" -> {
                    write = refused(said, true);
                    execute = new Execute.Untested(NO_ATTEMPT);
                }
                case "OPENED", "WROTE" -> {
                    write = new Write.Writable();
                    execute =
                            new Execute.Untested(
                                    row.word().equals("OPENED")
                                            ? "a file that exists is not run"
                                            : "by configuration, or for want of chmod in the image");
                }
                case "RAN" -> execute = ran(row, said);
                case "LEFT" -> left = true;
                default -> {
                    // DIR, FILE, MADE and RUN only announce.
                }
            }
            last = row.word();
            lastText = row.text();
            return true;
        }

        private String lastText = "";

        private static Write refused(String message, boolean created) {
            // dash and busybox say "I/O error" for any failed output of a builtin: the errno is
            // lost, that the
            // file could be created is not.
            Optional<Errno> errno = Errno.fromMessage(message);
            if (created) {
                return new Write.Refused(
                        errno.filter(e -> e != Errno.EIO).orElse(Errno.ENOSPC), true, message);
            }
            return errno.filter(e ->
                            e == Errno.EROFS || e.proof() != Errno.Proof.NOTHING || permission(e))
                    .<Write>map(e -> new Write.Refused(e, false, message))
                    .orElseGet(() -> new Write.Inconclusive(Cause.UNEXPECTED_ERROR, head(message)));
        }

        /// A file that may not be written says EACCES first; a second question can bring out that
        /// its mount is read-only, and nothing else.
        private static Write better(Write first, Write second) {
            boolean readOnly =
                    second instanceof Write.Refused r && r.proof() == Errno.Proof.READ_ONLY;
            return readOnly ? second : first;
        }

        private static boolean permission(Errno errno) {
            return errno == Errno.EACCES || errno == Errno.EPERM;
        }

        private static Execute ran(Row row, String said) {
            String status = row.arguments().size() > 1 ? row.arguments().get(1) : "";
            if (status.equals("0")) {
                return new Execute.Ran();
            }
            return Errno.fromMessage(said)
                    .<Execute>map(Execute.Refused::new)
                    .orElseGet(() -> new Execute.Untested("it ended with status " + head(status)));
        }

        Heard heard() {
            return new Heard(path, resolved, write, execute, left);
        }
    }
}
