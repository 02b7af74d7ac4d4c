package io.github.writeprobe.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.Child;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ShutdownTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// Opens the parts that its arguments name, closes them, and prints that.
    static final class Daemon {
        public static void main(String[] args) throws Exception {
            Shutdown shutdown =
                    Shutdown.install(Duration.ofSeconds(2), () -> System.out.println("last"));
            for (String part : args) {
                Duration limit = part.startsWith("slow") ? Duration.ofMillis(300) : MINUTE;
                shutdown.closeOnExit(part, limit, () -> close(part));
            }
            System.out.println("up");
            shutdown.await();
            if (shutdown.hasBegun()) {
                Thread.sleep(MINUTE);
            }
        }

        private static void close(String part) throws Exception {
            System.out.println("closing " + part);
            if (part.startsWith("slow") || part.startsWith("hung")) {
                Thread.sleep(MINUTE);
            }
            if (part.startsWith("broken")) {
                throw new AssertionError("as the test wants it");
            }
        }
    }

    private static void assertEnds(
            String signal, int code, List<String> parts, List<String> expectedOutput)
            throws Exception {
        try (Child child = Child.start(Daemon.class, parts.toArray(String[]::new))) {
            assertThat(child.line()).isEqualTo("up");
            long signalled = System.nanoTime();
            child.kill(signal);
            assertThat(child.code()).isEqualTo(code);
            assertThat(Duration.ofNanos(System.nanoTime() - signalled))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(child.process().inputReader().lines())
                    .containsExactlyElementsOf(expectedOutput);
            for (String part : parts) {
                if (!part.startsWith("good")) {
                    assertThat(child.errors()).anyMatch(l -> l.contains("WARN"));
                    return;
                }
            }
            assertThat(child.errors()).isEmpty();
        }
    }

    @Test
    void whatWasOpenedLastIsClosedFirst() throws Exception {
        assertEnds(
                "TERM",
                143,
                List.of("good-1", "good-2"),
                List.of("closing good-2", "closing good-1", "last"));
    }

    @Test
    void anInterruptEndsItTheSameWay() throws Exception {
        assertEnds("INT", 130, List.of("good"), List.of("closing good", "last"));
    }

    @Test
    void aPartThatFailsDoesNotKeepTheOthersOpen() throws Exception {
        assertEnds(
                "TERM",
                143,
                List.of("good", "broken"),
                List.of("closing broken", "closing good", "last"));
    }

    @Test
    void aPartThatTakesTooLongIsAbandoned() throws Exception {
        assertEnds(
                "TERM",
                143,
                List.of("good", "slow"),
                List.of("closing slow", "closing good", "last"));
    }

    @Test
    void aPartThatHangsForEverDoesNotKeepTheProgramAlive() throws Exception {
        assertEnds("TERM", 143, List.of("good", "hung"), List.of("closing hung", "last"));
    }
}
