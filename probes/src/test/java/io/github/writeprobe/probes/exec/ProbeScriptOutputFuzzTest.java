package io.github.writeprobe.probes.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.writeprobe.probes.InconclusiveCause;
import io.github.writeprobe.probes.mounts.MountEntry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Parses any output of a container: it is accepted as a whole or not at all, and it has no results
/// for paths that were not requested.
///
/// In `bin/bench fuzz`, Jazzer generates the inputs, guided by coverage. In `bin/bench long`, the
/// test runs for seconds with inputs from a fixed random seed.
@Tag("long")
class ProbeScriptOutputFuzzTest {
    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final Nonce NONCE = new Nonce(7);
    private static final List<String> REQUESTED_PATHS = List.of("/", "/tmp", "/a");
    private static final String[] RECORD_TYPES = {
        "START", "UID", "MOUNTS", "NORM", "PATH", "LEADS", "DIR", "FILE", "IMAGEFILE", "SPECIAL",
        "DANGLING", "ABSENT", "EXISTS", "MADE", "FAILED", "OPENED", "ASKED", "WROTE", "FULL", "RUN",
        "RAN", "LEFT", "END", "OTHER", ""
    };
    private static final String[] TEXTS = {
        "",
        "/\n",
        "/tmp\n",
        "/a\n",
        "/else\n",
        "relative\n",
        "sh: /x: Read-only file system\n",
        "sh: /x: Permission denied\n",
        "1 0 0:1 / / rw - tmpfs x rw\n2 1 0:1 / /else rw - tmpfs x rw\n",
        "\n\n",
        "noise"
    };

    @FuzzTest
    void anyOutput(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        assertParsedOrRejected(text);
        // Fuzzing does not guess the tag, so it replaces an `@` at the beginning of a line.
        assertParsedOrRejected(text.replace("@", NONCE.tag() + " "));
    }

    @FuzzTest
    void recordsInAnyOrder(FuzzedDataProvider data) {
        assertParsedOrRejected(
                records(data.consumeInt(0, 40), most -> data.consumeInt(0, most - 1)));
    }

    @Test
    void randomRecordsInTheTimeThatTheBuildHas() {
        Random random = new Random(20261125);
        int accepted = 0;
        long deadline = System.nanoTime() + BUDGET.toNanos();
        while (System.nanoTime() - deadline < 0) {
            accepted +=
                    assertParsedOrRejected(records(random.nextInt(30), random::nextInt)) ? 1 : 0;
            accepted += assertParsedOrRejected(nearlyValidOutput(random)) ? 1 : 0;
        }
        assertThat(accepted).as("some outputs are accepted").isPositive();
    }

    private static String records(int count, IntUnaryOperator choose) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            record(
                    text,
                    i == 0 && choose.applyAsInt(8) > 0
                            ? "START"
                            : RECORD_TYPES[choose.applyAsInt(RECORD_TYPES.length)],
                    choose.applyAsInt(3),
                    TEXTS[choose.applyAsInt(TEXTS.length)]);
        }
        if (choose.applyAsInt(8) > 0) {
            record(text, "END", 0, "");
        }
        return text.toString();
    }

    /// Output that is nearly valid, so that the parser gets far before an error.
    private static String nearlyValidOutput(Random random) {
        StringBuilder text = new StringBuilder();
        record(text, "START", 0, "");
        record(text, "MOUNTS", 0, TEXTS[8]);
        String[][] endings = {
            {"ABSENT"},
            {"DIR", "MADE", "WROTE", "RUN", "RAN"},
            {"DIR", "FAILED"},
            {"FILE", "OPENED"}
        };
        for (int path = 0; path < 3; path++) {
            record(text, "PATH", path, TEXTS[1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 3)]);
            record(text, "LEADS", path, TEXTS[random.nextInt(5)]);
            for (String type : endings[random.nextInt(endings.length)]) {
                record(
                        text,
                        random.nextInt(20) == 0
                                ? RECORD_TYPES[random.nextInt(RECORD_TYPES.length)]
                                : type,
                        path,
                        random.nextInt(6) == 0 ? TEXTS[random.nextInt(TEXTS.length)] : "");
            }
        }
        record(text, "END", 0, "");
        return text.toString();
    }

    private static void record(StringBuilder text, String type, int number, String body) {
        text.append(NONCE.tag()).append(' ').append(type).append(' ').append(number).append(" 0\n");
        text.append(body);
    }

    /// @return whether it was accepted
    private static boolean assertParsedOrRejected(String output) {
        ProbeScriptOutput transcript = ProbeScriptOutput.parse(output, NONCE, REQUESTED_PATHS);
        if (transcript.trouble().isPresent()) {
            assertThat(transcript.outcomes()).isEmpty();
            assertThat(transcript.trouble().get().cause())
                    .isIn(
                            InconclusiveCause.MALFORMED,
                            InconclusiveCause.NO_SHELL,
                            InconclusiveCause.EXEC_FAILED);
            return false;
        }
        Set<String> knownPaths = new HashSet<>(REQUESTED_PATHS);
        transcript.mounts().entries().stream().map(MountEntry::mountPoint).forEach(knownPaths::add);
        String tag = NONCE.tag() + " ";
        assertThat(output).contains(tag + "START").contains(tag + "END");
        for (ProbeScriptOutput.ParsedPath outcome : transcript.outcomes().values()) {
            assertThat(knownPaths).contains(outcome.path());
            if (outcome.write() instanceof io.github.writeprobe.probes.WriteResult.Writable) {
                assertThat(output).containsPattern("(?m)^" + tag + "(WROTE|OPENED) ");
            }
        }
        return true;
    }
}
