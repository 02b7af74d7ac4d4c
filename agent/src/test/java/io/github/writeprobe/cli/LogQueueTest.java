package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogQueueTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("some");

    private LogQueue queue(OutputStream out) {
        LogQueue queue = new LogQueue(out, event -> event.getFormattedMessage() + "\n", UTF_8);
        queue.setContext(context);
        queue.start();
        logger.addAppender(queue);
        return queue;
    }

    /// A stream that fails or blocks until it is repaired.
    private static final class Broken extends ByteArrayOutputStream {
        final CountDownLatch repaired = new CountDownLatch(1);
        private final boolean fails;

        Broken(boolean fails) {
            this.fails = fails;
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            if (fails && repaired.getCount() > 0) {
                throw new IOException("No space left on device");
            }
            try {
                repaired.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            super.write(bytes);
        }
    }

    @Test
    void linesArriveWholeAndInOrder() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogQueue queue = queue(out);
        List<String> lines = IntStream.range(0, 500).mapToObj(i -> "line " + i).toList();
        lines.forEach(logger::warn);
        queue.flush(MINUTE);
        assertThat(out.toString(UTF_8).lines()).containsExactlyElementsOf(lines);
    }

    @Test
    void blockedReaderDoesNotBlockLogging() throws Exception {
        Broken out = new Broken(false);
        LogQueue queue = queue(out);
        for (int i = 0; i < 5_000; i++) {
            logger.warn("line {}", i);
        }
        long start = System.nanoTime();
        queue.flush(Duration.ofMillis(100));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        out.repaired.countDown();
        queue.flush(MINUTE);
        List<String> written = out.toString(UTF_8).lines().toList();
        assertThat(written).contains("line 0");
        long reportedLost =
                written.stream()
                        .filter(l -> l.startsWith("log lines were lost: "))
                        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                        .sum();
        long arrived = written.stream().filter(l -> l.startsWith("line ")).count();
        assertThat(reportedLost).isPositive();
        assertThat(arrived + reportedLost).isEqualTo(5_000);
    }

    @Test
    void linesThatCannotBeWrittenAreCountedAndTheLogGoesOn() throws Exception {
        Broken out = new Broken(true);
        LogQueue queue = queue(out);
        for (int i = 0; i < 10; i++) {
            logger.warn("line {}", i);
        }
        queue.flush(MINUTE);
        out.repaired.countDown();
        logger.warn("after");
        queue.flush(MINUTE);
        assertThat(out.toString(UTF_8).lines()).containsExactly("log lines were lost: 10", "after");
    }
}
