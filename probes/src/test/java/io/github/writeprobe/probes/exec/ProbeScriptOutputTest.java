package io.github.writeprobe.probes.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The `.transcript` files are the script's real output in a read-only container, with each shell.
class ProbeScriptOutputTest {
    private static final Nonce NONCE = new Nonce(123456789);
    private static final List<String> REQUESTED_PATHS =
            List.of(
                    "/",
                    "/tmp",
                    "/nonexistent",
                    "/etc",
                    "/data",
                    "/full",
                    "/file",
                    "/f",
                    "/dangling",
                    "/taken",
                    "/odd",
                    "/left");
    private static final String T = NONCE.tag() + " ";

    private static String recorded(String shell) {
        try (InputStream in =
                Objects.requireNonNull(
                        ProbeScriptOutputTest.class.getResourceAsStream(shell + ".transcript"))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ProbeScriptOutput.ParsedPath outcome(ProbeScriptOutput transcript, String path) {
        return transcript.outcomes().values().stream()
                .filter(h -> h.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static ProbeScriptOutput lines(String... lines) {
        return ProbeScriptOutput.parse(
                java.util.Arrays.stream(lines)
                                .map(l -> l.startsWith("@") ? T + l.substring(1) : l)
                                .collect(Collectors.joining("\n"))
                        + "\n",
                NONCE,
                REQUESTED_PATHS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"busybox", "dash", "bash"})
    void whatAReadOnlyContainerAnswersIsUnderstood(String shell) {
        ProbeScriptOutput transcript =
                ProbeScriptOutput.parse(recorded(shell), NONCE, REQUESTED_PATHS);
        assertThat(transcript.trouble()).isEmpty();
        assertThat(transcript.uid()).hasValue(0);
        assertThat(transcript.mounts().entries())
                .extracting(MountEntry::mountPoint)
                .contains("/", "/tmp", "/data", "/we ird\"x\\q");
        assertThat(outcome(transcript, "/").write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.errno()).isEqualTo(Errno.EROFS));
        assertThat(outcome(transcript, "/tmp").write()).isEqualTo(new WriteResult.Writable());
        assertThat(outcome(transcript, "/tmp").execute())
                .isEqualTo(new FileExecutionResult.Refused(Errno.EACCES));
        assertThat(outcome(transcript, "/nonexistent").write()).isEqualTo(new WriteResult.Absent());
        assertThat(outcome(transcript, "/data").write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.errno()).isEqualTo(Errno.EROFS));
        assertThat(outcome(transcript, "/we ird\"x\\q").write())
                .isEqualTo(new WriteResult.Writable());
        assertThat(outcome(transcript, "/we ird\"x\\q").execute())
                .isEqualTo(new FileExecutionResult.Ran());
        assertThat(outcome(transcript, "/dev").execute()).isEqualTo(new FileExecutionResult.Ran());
        assertThat(outcome(transcript, "/proc/keys").write())
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.SPECIAL_FILE, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"busybox", "dash", "bash"})
    void aFullTmpfsIsFullAndNotReadOnlyWhateverTheShellPrints(String shell) {
        assertThat(
                        outcome(
                                        ProbeScriptOutput.parse(
                                                recorded(shell), NONCE, REQUESTED_PATHS),
                                        "/full")
                                .write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> {
                            assertThat(r.errno()).isEqualTo(Errno.ENOSPC);
                            assertThat(r.proof()).isEqualTo(Errno.Proof.NOT_READ_ONLY);
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"busybox", "dash", "bash"})
    void anAnswerThatBreaksOffAnywhereIsNotBelieved(String shell) {
        String whole = recorded(shell);
        for (int length = 0; length < whole.length() - 1; length += 7) {
            ProbeScriptOutput cut =
                    ProbeScriptOutput.parse(whole.substring(0, length), NONCE, REQUESTED_PATHS);
            assertThat(cut.trouble()).as("cut at %d", length).isPresent();
            assertThat(cut.outcomes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"busybox", "dash", "bash"})
    void aForeignNonceIsNotBelieved(String shell) {
        assertThat(
                        ProbeScriptOutput.parse(
                                        recorded(shell), new Nonce(123456788), REQUESTED_PATHS)
                                .trouble())
                .map(WriteResult.Inconclusive::cause)
                .contains(InconclusiveCause.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file not found in $PATH: unknown | NO_SHELL",
                "OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: \"sh\": executable file not found in $PATH: unknown | NO_SHELL",
                "executable file `sh` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found | NO_SHELL",
                "OCI runtime exec failed: exec failed: unable to start container process: fork/exec /proc/self/exe: resource temporarily unavailable: unknown | EXEC_FAILED",
                "Hello from the app | MALFORMED"
            })
    void aCommandThatDidNotStartIsRecognisedByItsMessage(String output, InconclusiveCause cause) {
        assertThat(ProbeScriptOutput.parse(output + "\r\n", NONCE, REQUESTED_PATHS).trouble())
                .map(WriteResult.Inconclusive::cause)
                .contains(cause);
    }

    @Test
    void nothingAtAllIsMalformed() {
        assertThat(ProbeScriptOutput.parse("", NONCE, REQUESTED_PATHS).trouble())
                .contains(
                        new WriteResult.Inconclusive(
                                InconclusiveCause.MALFORMED, "it printed nothing"));
    }

    @Test
    void anImageWithoutRmIsParsedAndNothingWasWritten() {
        ProbeScriptOutput t =
                lines(
                        "@START",
                        "@UID 0",
                        "@MOUNTS",
                        "@NORM",
                        "@PATH 0",
                        "/",
                        "@LEADS 0",
                        "/srv",
                        "@END");
        assertThat(t.trouble()).isEmpty();
        assertThat(t.rmMissing()).isTrue();
        ProbeScriptOutput.ParsedPath outcome = requireNonNull(t.outcomes().get(0));
        assertThat(outcome.resolved()).isEqualTo("/srv");
        assertThat(outcome.write())
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.NO_RM, ""));
    }

    private static WriteResult failed(String kind, String message, String... next) {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "@START",
                                "@PATH 0",
                                "/data",
                                "@LEADS 0",
                                "/data",
                                "@" + kind + " 0"));
        if (!message.isEmpty()) {
            lines.add(message);
        }
        lines.add("@FAILED 0");
        lines.addAll(List.of(next));
        lines.add("@END");
        ProbeScriptOutput t = lines(lines.toArray(String[]::new));
        assertThat(t.trouble()).isEmpty();
        return outcome(t, "/data").write();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sh: can't create ./.writeprobe-1a2b: Read-only file system | EROFS",
                "create:9: read-only file system: ./.writeprobe-1a2b        | EROFS",
                "sh[9]: ./.writeprobe-1a2b: cannot create [Read-only file system] | EROFS",
                "W: sh: ./.writeprobe-1a2b: create: Permission denied       | EACCES",
                "create:9: input/output error: ./.writeprobe-1a2b           | EIO"
            })
    void theErrorIsReadInTheWordsOfEachShell(String message, Errno errno) {
        assertThat(failed("DIR", message))
                .isEqualTo(new WriteResult.Refused(errno, false, message));
    }

    @Test
    void aQuestionToTheKernelDecidesWhereTheFirstErrorDoesNot() {
        String readOnly = "rmdir: failed to remove './x': Read-only file system";
        String absent = "rmdir: failed to remove './x': No such file or directory";
        String deleted = "sh: can't create ./x: nonexistent directory";
        assertThat(failed("DIR", deleted, readOnly, "@ASKED 0", "@DENIED 0"))
                .isEqualTo(new WriteResult.Refused(Errno.EROFS, false, readOnly));
        assertThat(failed("DIR", deleted, absent, "@ASKED 0"))
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.DELETED, ""));
        assertThat(failed("DIR", "unknown words", absent, "@ASKED 0", "@DENIED 0"))
                .isEqualTo(new WriteResult.Refused(Errno.EACCES, false, "unknown words"));
        assertThat(failed("DIR", "unknown words", absent, "@ASKED 0"))
                .isEqualTo(
                        new WriteResult.Inconclusive(
                                InconclusiveCause.UNEXPECTED_ERROR, "unknown words"));
        assertThat(failed("FILE", "sh: can't create /data: Text file busy"))
                .isInstanceOf(WriteResult.Inconclusive.class);
    }

    private static WriteResult lost(String answer) {
        ProbeScriptOutput t =
                lines(
                        "@START",
                        "@PATH 0",
                        "/data",
                        "@LEADS 0",
                        "/data",
                        "@LOST 0",
                        answer,
                        "@ASKED 0",
                        "@END");
        assertThat(t.trouble()).isEmpty();
        return outcome(t, "/data").write();
    }

    @Test
    void aMountThatCannotBeSeenIsAbsentUnlessItsServerFails() {
        String gone = "rmdir: '/data/x': Transport endpoint is not connected";
        assertThat(lost(gone)).isEqualTo(new WriteResult.Refused(Errno.ENOTCONN, false, gone));
        assertThat(lost("rmdir: '/data/x': No such file or directory"))
                .isEqualTo(new WriteResult.Absent());
        assertThat(lost("rmdir: '/data/x': Permission denied")).isEqualTo(new WriteResult.Absent());
    }

    @Test
    void eachRecordSequenceOfAPathIsParsed() {
        ProbeScriptOutput t =
                lines(
                        "noise before the first record",
                        "@START",
                        "@PATH 0",
                        "/file",
                        "@LEADS 0",
                        "/file",
                        "@FILE 0",
                        "@OPENED 0",
                        "@PATH 1",
                        "/dangling",
                        "@LEADS 1",
                        "",
                        "@DANGLING 1",
                        "@PATH 2",
                        "/taken",
                        "@LEADS 2",
                        "/elsewhere",
                        "@DIR 2",
                        "@EXISTS 2",
                        "@PATH 3",
                        "/odd",
                        "@LEADS 3",
                        "/odd",
                        "@DIR 3",
                        "sh: can't create /odd/x: Too many open files",
                        "@FAILED 3",
                        "@PATH 4",
                        "/left",
                        "@LEADS 4",
                        "/left",
                        "@DIR 4",
                        "@MADE 4",
                        "@WROTE 4",
                        "@RUN 4",
                        "Killed",
                        "@RAN 4 137",
                        "@LEFT 4",
                        "@END");
        assertThat(t.trouble()).isEmpty();
        assertThat(outcome(t, "/file").write()).isEqualTo(new WriteResult.Writable());
        assertThat(outcome(t, "/dangling").write())
                .isInstanceOfSatisfying(
                        WriteResult.Inconclusive.class,
                        i -> assertThat(i.cause()).isEqualTo(InconclusiveCause.UNEXPECTED_ERROR));
        assertThat(outcome(t, "/taken").write())
                .isEqualTo(new WriteResult.Inconclusive(InconclusiveCause.NAME_TAKEN, ""));
        assertThat(outcome(t, "/taken").resolved()).isEqualTo("/elsewhere");
        assertThat(outcome(t, "/odd").write())
                .isInstanceOfSatisfying(
                        WriteResult.Inconclusive.class,
                        i -> assertThat(i.detail()).contains("Too many open files"));
        assertThat(outcome(t, "/left").execute())
                .isEqualTo(new FileExecutionResult.Untested("it exited with status 137"));
        assertThat(outcome(t, "/left").leftover()).isTrue();
    }

    @Test
    void chmodRevealsTheReadOnlyMountOfAFileThatMayNotBeWritten() {
        String[] denied = {
            "@START",
            "@PATH 0",
            "/f",
            "@LEADS 0",
            "/f",
            "@FILE 0",
            "sh: can't create /f: Permission denied",
            "@FAILED 0"
        };
        ProbeScriptOutput proved =
                lines(
                        java.util.stream.Stream.concat(
                                        java.util.Arrays.stream(denied),
                                        java.util.stream.Stream.of(
                                                "chmod: /f: Read-only file system",
                                                "@ASKED 0",
                                                "@END"))
                                .toArray(String[]::new));
        assertThat(outcome(proved, "/f").write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.errno()).isEqualTo(Errno.EROFS));
        ProbeScriptOutput open =
                lines(
                        java.util.stream.Stream.concat(
                                        java.util.Arrays.stream(denied),
                                        java.util.stream.Stream.of(
                                                "chmod: /f: Operation not permitted",
                                                "@ASKED 0",
                                                "@END"))
                                .toArray(String[]::new));
        assertThat(outcome(open, "/f").write())
                .isInstanceOfSatisfying(
                        WriteResult.Refused.class,
                        r -> assertThat(r.errno()).isEqualTo(Errno.EACCES));
    }

    @Test
    void impossibleRecordSequencesAreMalformed() {
        String[][] impossible = {
            {"@UID 0", "@END"},
            {"@START", "@UID x", "@END"},
            {"@START", "@UID", "@END"},
            {"@START", "@PATH 0", "/", "@PATH 0", "/", "@END"},
            {"@START", "@PATH 0", "/not-asked", "@END"},
            {"@START", "@PATH 0", "relative", "@END"},
            {"@START", "@PATH 0", "/", "@LEADS 0", "+ cd /", "/", "@DIR 0", "@END"},
            {"@START", "@WROTE 0", "@END"},
            {"@START", "@PATH 0", "/", "@WROTE 0", "@END"},
            {"@START", "@PATH 0", "/", "@LEADS 0", "/", "@DIR 0", "@MADE 0", "@FAILED 0", "@END"},
            {"@START", "@PATH 0", "/", "@LEADS 0", "/", "@ABSENT 0", "@DIR 0", "@END"},
            {"@START", "@PATH 0", "/", "@NONSENSE 0", "@END"},
            {"@START", "@END", "@PATH 0", "/"},
            {
                "@START",
                "@MOUNTS",
                "1 0 0:1 / /x rw - tmpfs x rw",
                "@MOUNTS",
                "1 0 0:1 / /y rw - tmpfs x rw",
                "@PATH 0",
                "/x",
                "@END"
            }
        };
        for (String[] records : impossible) {
            assertThat(lines(records).trouble())
                    .as(String.join(" ", records))
                    .map(WriteResult.Inconclusive::cause)
                    .contains(InconclusiveCause.MALFORMED);
        }
    }

    @Test
    void noInputBreaksTheReader() {
        Random random = new Random(20261123);
        String whole = recorded("busybox");
        for (int run = 0; run < 3_000; run++) {
            StringBuilder text = new StringBuilder(whole);
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(80));
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(from, to);
                    case 1 -> text.insert(random.nextInt(text.length()), text.substring(from, to));
                    default -> text.setCharAt(from, (char) random.nextInt(300));
                }
            }
            ProbeScriptOutput t = ProbeScriptOutput.parse(text.toString(), NONCE, REQUESTED_PATHS);
            assertThat(t.trouble().isEmpty() || t.outcomes().isEmpty()).isTrue();
        }
    }
}
