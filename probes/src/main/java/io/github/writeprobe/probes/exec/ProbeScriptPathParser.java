package io.github.writeprobe.probes.exec;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WriteResult;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The records of one path, in the order in which the script prints them.
final class ProbeScriptPathParser {
    private static final Pattern PROBE_FILE_LAST =
            Pattern.compile(": (?:\\./\\.writeprobe-[0-9a-f-]+|/proc/self/fd/5)$");
    private static final Pattern BRACKETED = Pattern.compile(" \\[([^\\[\\]]+)]$");

    /// The status of a shell for a program that it may not execute.
    private static final String NOT_EXECUTABLE = "126";

    private final String path;
    private String resolved;
    private WriteResult write;
    private FileExecutionResult execute =
            new FileExecutionResult.Untested(ProbeScriptOutput.NO_ATTEMPT);
    private String lastType = "PATH";
    private String lastText = "";
    private boolean leftover;

    /// @param defaultCause the cause if the script reports nothing but where the path leads
    ProbeScriptPathParser(String path, InconclusiveCause defaultCause) {
        this.path = path;
        this.resolved = path;
        this.write = new WriteResult.Inconclusive(defaultCause, "");
    }

    /// Accepts the next record. Returns false if it cannot follow the previous one.
    boolean accept(ProbeScriptOutput.Row row) {
        boolean follows =
                switch (row.type()) {
                    case "LEADS" -> lastType.equals("PATH");
                    case "DIR", "FILE", "IMAGEFILE", "SPECIAL", "DANGLING", "ABSENT", "LOST" ->
                            lastType.equals("LEADS");
                    case "EXISTS", "MADE" -> lastType.equals("DIR");
                    case "FAILED" -> lastType.equals("DIR") || lastType.equals("FILE");
                    case "OPENED" -> lastType.equals("FILE");
                    case "ASKED" -> lastType.equals("FAILED") || lastType.equals("LOST");
                    case "DENIED" ->
                            !(write instanceof WriteResult.Absent)
                                    && Set.of("FAILED", "ASKED").contains(lastType);
                    case "WROTE", "FULL" -> lastType.equals("MADE");
                    case "RUN" -> lastType.equals("WROTE") || lastType.equals("FULL");
                    case "RAN" -> lastType.equals("RUN");
                    case "LEFT" -> Set.of("RAN", "WROTE", "FULL", "EXISTS").contains(lastType);
                    default -> false;
                };
        if (!follows) {
            return false;
        }
        // A shell prints its error message before the record about the failure, so the message is
        // the text of the previous record.
        String errorText = lastText;
        switch (row.type()) {
            case "LEADS" -> {
                if (!row.text().isEmpty() && !row.text().startsWith("/")) {
                    return false;
                }
                resolved = row.text().isEmpty() ? path : row.text();
            }
            case "IMAGEFILE" ->
                    write = new WriteResult.Inconclusive(InconclusiveCause.IMAGE_FILE, "");
            case "SPECIAL" ->
                    write = new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, "");
            case "DANGLING" ->
                    write =
                            new WriteResult.Inconclusive(
                                    InconclusiveCause.UNEXPECTED_ERROR,
                                    "a symbolic link whose target does not exist, or is not"
                                            + " accessible to this user");
            case "ABSENT", "LOST" -> write = new WriteResult.Absent();
            case "EXISTS" -> write = new WriteResult.Inconclusive(InconclusiveCause.NAME_TAKEN, "");
            case "FAILED" ->
                    write =
                            lastType.equals("DIR") && isDeletedDirectory(errorText)
                                    ? new WriteResult.Inconclusive(InconclusiveCause.DELETED, "")
                                    : refused(errorText, false);
            case "ASKED" -> write = moreConclusive(write, refused(errorText, false));
            case "DENIED" -> write = permissionDenied(write);
            case "FULL" -> write = refused(errorText, true);
            case "OPENED", "WROTE" -> {
                write = new WriteResult.Writable();
                execute =
                        new FileExecutionResult.Untested(
                                row.type().equals("OPENED")
                                        ? "an existing file is not executed"
                                        : "probe.execute is false, or the image has no chmod");
            }
            case "RAN" -> execute = executionOutcome(row, errorText);
            case "LEFT" -> leftover = true;
            default -> {
                // DIR, FILE, MADE and RUN only announce the next step.
            }
        }
        lastType = row.type();
        lastText = row.text();
        return true;
    }

    private WriteResult refused(String message, boolean created) {
        // dash prints "I/O error" for any failed output of a builtin, and busybox prints nothing.
        // So the errno is lost, but it is known that the file could be created.
        Optional<Errno> errno = errno(message);
        if (created) {
            return new WriteResult.Refused(
                    errno.filter(e -> e != Errno.EIO).orElse(Errno.ENOSPC), true, message);
        }
        return errno.filter(Errno::isRefusal)
                .<WriteResult>map(e -> new WriteResult.Refused(e, false, message))
                .orElseGet(() ->
                        new WriteResult.Inconclusive(
                                InconclusiveCause.UNEXPECTED_ERROR,
                                ProbeScriptOutput.truncate(message)));
    }

    /// The errno in a shell's message. Most shells print it last, zsh before the name of the file,
    /// and ksh93 in brackets.
    private Optional<Errno> errno(String message) {
        String text = message.strip();
        if (text.endsWith(": " + path)) {
            text = text.substring(0, text.length() - path.length() - 2);
        }
        text = PROBE_FILE_LAST.matcher(text).replaceFirst("");
        Matcher bracketed = BRACKETED.matcher(text);
        return Errno.fromMessage(bracketed.find() ? bracketed.group(1) : text);
    }

    /// Some errors come before the kernel has checked the mount. The second attempt can only show
    /// that the mount is read-only, or that its filesystem fails.
    private static WriteResult moreConclusive(WriteResult first, WriteResult second) {
        boolean counts =
                second instanceof WriteResult.Refused(Errno errno, _, _)
                        && (errno == Errno.EROFS || errno.isFailingFilesystem());
        return counts ? second : first;
    }

    /// test(1) says that this identity may not write, and the shell's message was not understood.
    private WriteResult permissionDenied(WriteResult write) {
        return write instanceof WriteResult.Inconclusive(InconclusiveCause cause, String detail)
                        && cause == InconclusiveCause.UNEXPECTED_ERROR
                        && errno(detail).isEmpty()
                ? new WriteResult.Refused(Errno.EACCES, false, detail)
                : write;
    }

    /// No file can be created in a directory that exists no more, as one whose original was
    /// replaced on the host.
    private boolean isDeletedDirectory(String message) {
        return errno(message).filter(e -> e == Errno.ENOENT).isPresent();
    }

    private FileExecutionResult executionOutcome(ProbeScriptOutput.Row row, String errorText) {
        String status = row.arguments().size() > 1 ? row.arguments().get(1) : "";
        if (status.equals("0")) {
            return new FileExecutionResult.Ran();
        }
        return errno(errorText)
                .or(() ->
                        status.equals(NOT_EXECUTABLE)
                                ? Optional.of(Errno.EACCES)
                                : Optional.empty())
                .<FileExecutionResult>map(FileExecutionResult.Refused::new)
                .orElseGet(() ->
                        new FileExecutionResult.Untested(
                                "it exited with status " + ProbeScriptOutput.truncate(status)));
    }

    ProbeScriptOutput.ParsedPath result() {
        return new ProbeScriptOutput.ParsedPath(path, resolved, write, execute, leftover);
    }
}
