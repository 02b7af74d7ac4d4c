package io.github.writeprobe.recommend.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.writeprobe.recommend.prove.CloneExerciser.Exercised;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShellExerciseTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Exercised run(String command, Duration limit) throws InterruptedException {
        return new ShellExercise(command).exercise(Map.of("WRITEPROBE_CONTAINER", "a b"), limit);
    }

    @Test
    void whatEndsWithZeroHasPassed() throws Exception {
        assertThat(
                        run(
                                "[ \"$WRITEPROBE_CONTAINER\" = 'a b' ] && [ -z \"$DOCKER_CONTEXT\" ]",
                                LIMIT))
                .isEqualTo(new Exercised.Passed());
    }

    @Test
    void aFailureHasTheExitCodeAndTheLastOutput() throws Exception {
        assertThat(run("echo one; echo two >&2; exit 22", LIMIT))
                .isEqualTo(new Exercised.Failed("it exited with code 22", List.of("one", "two")));
        Exercised much =
                run("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done; false", LIMIT);
        assertThat(((Exercised.Failed) much).output()).hasSize(20).endsWith("line 4999");
    }

    @Test
    void exerciseHasEmptyStdinAndLeavesNoProcess() throws Exception {
        String marker = "299." + System.nanoTime();
        assertThat(run("cat; sleep " + marker + " & exit 0", LIMIT))
                .isEqualTo(new Exercised.Passed());
        assertNoSleepLeft(marker);
    }

    @Test
    void timedOutExerciseIsKilledWithItsChildren() throws Exception {
        String marker = "300." + System.nanoTime();
        long start = System.nanoTime();
        Exercised late = run("echo begun; sleep " + marker + " | cat", Duration.ofSeconds(2));
        assertThat(late).isEqualTo(new Exercised.TimedOut(Duration.ofSeconds(2), List.of("begun")));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
        assertNoSleepLeft(marker);
    }

    @Test
    void anInterruptEndsIt() {
        String marker = "301." + System.nanoTime();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run("sleep " + marker, LIMIT))
                .isInstanceOf(InterruptedException.class);
        assertNoSleepLeft(marker);
    }

    private static void assertNoSleepLeft(String marker) {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (isSleeping(marker) && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(isSleeping(marker)).isFalse();
    }

    private static boolean isSleeping(String marker) {
        return ProcessHandle.allProcesses()
                .anyMatch(p -> p.info().commandLine().orElse("").contains("sleep " + marker));
    }
}
