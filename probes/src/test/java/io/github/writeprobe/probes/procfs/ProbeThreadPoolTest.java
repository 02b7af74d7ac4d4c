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
    private static final Duration TIMEOUT = Duration.ofMillis(50);
    private static final int THREADS = 4;

    private final CountDownLatch released = new CountDownLatch(1);
    private ProbeThreadPool pool;

    @BeforeEach
    void open() {
        assumeThat(Abi.detect()).isPresent();
        pool = new ProbeThreadPool(Abi.detect().orElseThrow(), THREADS);
    }

    @AfterEach
    void close() {
        released.countDown();
        pool.close();
    }

    private Optional<ProbeThreadPool.Job> startHangingTask(boolean noneHanging)
            throws InterruptedException {
        return pool.start(
                _ -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                TIMEOUT,
                noneHanging);
    }

    private boolean canRunTask(boolean noneHanging) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        return pool.start(_ -> done.countDown(), TIMEOUT, noneHanging).isPresent()
                && done.await(10, TimeUnit.SECONDS);
    }

    @Test
    void anAbandonedThreadMakesRoom() throws Exception {
        List<ProbeThreadPool.Job> jobs = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            jobs.add(startHangingTask(true).orElseThrow());
        }
        assertThat(canRunTask(true)).as("all places are taken").isFalse();
        jobs.getFirst().abandon();
        assertThat(canRunTask(true)).isTrue();
    }

    @Test
    void containersWithAHangingProbeShareHalfOfTheThreads() throws Exception {
        assertThat(startHangingTask(false)).isPresent();
        assertThat(startHangingTask(false)).isPresent();
        assertThat(startHangingTask(false)).isEmpty();
        assertThat(canRunTask(true)).isTrue();
    }

    @Test
    void abandonedThreadsAreBoundedAndOtherContainersHaveAReserve() throws Exception {
        int abandoned = 0;
        for (Optional<ProbeThreadPool.Job> job = startHangingTask(false);
                job.isPresent();
                job = startHangingTask(false)) {
            job.get().abandon();
            abandoned++;
        }
        assertThat(abandoned).isEqualTo(256);
        assertThat(canRunTask(true)).isTrue();
        released.countDown();
        for (int i = 0; i < 100 && !canRunTask(false); i++) {
            Thread.sleep(50);
        }
        assertThat(canRunTask(false)).as("a thread that answers is no longer abandoned").isTrue();
    }
}
