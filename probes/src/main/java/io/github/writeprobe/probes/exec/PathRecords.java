package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.ExecutionOutcome;
import io.github.writeprobe.probes.Write;
import java.util.Optional;
import java.util.Set;

/// One path's records, in the order in which the script prints them.
final class PathRecords {
    private final String path;
    private String resolved;
    private Write write;
    private ExecutionOutcome execute = new ExecutionOutcome.Untested(Transcript.NO_ATTEMPT);
    private String last = "PATH";
    private String lastText = "";
    private boolean left;

    /// @param untold why nothing may be told of it but where it leads
    PathRecords(String path, Cause untold) {
        this.path = path;
        this.resolved = path;
        this.write = new Write.Inconclusive(untold, "");
    }

    /// Takes in the next record; false if it cannot follow what was heard before.
    boolean hear(Transcript.Row row) {
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
        // A shell prints its error before the record that says it failed, so the text hangs on the
        // one before.
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
                                    "a symbolic link that leads nowhere, or where its user may not go");
            case "ABSENT" -> write = new Write.Absent();
            case "EXISTS" -> write = new Write.Inconclusive(Cause.NAME_TAKEN, "");
            case "FAILED" -> write = refused(said, false);
            case "ASKED" -> write = better(write, refused(said, false));
            case "FULL" -> write = refused(said, true);
            case "OPENED", "WROTE" -> {
                write = new Write.Writable();
                execute =
                        new ExecutionOutcome.Untested(
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

    private static Write refused(String message, boolean created) {
        // dash says "I/O error" for any failed output of a builtin, and busybox nothing: the errno
        // is lost, that the file could be created is not.
        Optional<Errno> errno = Errno.fromMessage(message);
        if (created) {
            return new Write.Refused(
                    errno.filter(e -> e != Errno.EIO).orElse(Errno.ENOSPC), true, message);
        }
        return errno.filter(
                        e -> e == Errno.EROFS || e.proof() != Errno.Proof.NOTHING || permission(e))
                .<Write>map(e -> new Write.Refused(e, false, message))
                .orElseGet(() ->
                        new Write.Inconclusive(Cause.UNEXPECTED_ERROR, Transcript.head(message)));
    }

    /// A file that may not be written says EACCES first; a second question can bring out that its
    /// mount is read-only, and nothing else.
    private static Write better(Write first, Write second) {
        return second.provesReadOnly() ? second : first;
    }

    private static boolean permission(Errno errno) {
        return errno == Errno.EACCES || errno == Errno.EPERM;
    }

    private static ExecutionOutcome ran(Transcript.Row row, String said) {
        String status = row.arguments().size() > 1 ? row.arguments().get(1) : "";
        if (status.equals("0")) {
            return new ExecutionOutcome.Ran();
        }
        return Errno.fromMessage(said)
                .<ExecutionOutcome>map(ExecutionOutcome.Refused::new)
                .orElseGet(() ->
                        new ExecutionOutcome.Untested(
                                "it ended with status " + Transcript.head(status)));
    }

    Transcript.Heard heard() {
        return new Transcript.Heard(path, resolved, write, execute, left);
    }
}
