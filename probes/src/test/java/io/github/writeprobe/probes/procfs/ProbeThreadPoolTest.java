package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.writeprobe.probes.kernel.Abi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeThreadPoolTest {
    private static final Duration AT_ONCE = Duration.ofMillis(50);
    private static final int MOST = 4;

    private final CountDownLatch answers = new CountDownLatch(1);
    private ProbeThreadPool crew;

    @BeforeEach
    void open() {
        assumeThat(Abi.here()).isPresent();
        crew = new ProbeThreadPool(Abi.here().orElseThrow(), MOST);
    }

    @AfterEach
    void close() {
        answers.countDown();
        crew.close();
    }

    private Optional<ProbeThreadPool.Job> hangs(boolean blameless) throws InterruptedException {
        return crew.begin(
                _ -> {
                    try {
                        answers.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                AT_ONCE,
                blameless);
    }

    private boolean works(boolean blameless) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        return crew.begin(_ -> done.countDown(), AT_ONCE, blameless).isPresent()
                && done.await(10, TimeUnit.SECONDS);
    }

    @Test
    void whoIsGivenUpMakesRoom() throws Exception {
        List<ProbeThreadPool.Job> jobs = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            jobs.add(hangs(true).orElseThrow());
        }
        assertThat(works(true)).as("all places are taken").isFalse();
        jobs.getFirst().giveUp();
        assertThat(works(true)).isTrue();
    }

    @Test
    void thoseOfWhichAProbeHangsShareHalfOfThePlaces() throws Exception {
        assertThat(hangs(false)).isPresent();
        assertThat(hangs(false)).isPresent();
        assertThat(hangs(false)).isEmpty();
        assertThat(works(true)).isTrue();
    }

    @Test
    void whatIsGivenUpIsBoundedAndTheBlamelessHaveAReserve() throws Exception {
        int givenUp = 0;
        for (Optional<ProbeThreadPool.Job> job = hangs(false);
                job.isPresent();
                job = hangs(false)) {
            job.get().giveUp();
            givenUp++;
        }
        assertThat(givenUp).isEqualTo(256);
        assertThat(works(true)).isTrue();
        answers.countDown();
        for (int i = 0; i < 100 && !works(false); i++) {
            Thread.sleep(50);
        }
        assertThat(works(false)).as("whoever answers is not given up any more").isTrue();
    }
}
