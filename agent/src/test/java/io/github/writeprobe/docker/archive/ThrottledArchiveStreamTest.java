package io.github.writeprobe.docker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrottledArchiveStreamTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir Path directory;
    private byte[] archive = {};

    @BeforeEach
    void createArchive() throws Exception {
        Files.write(directory.resolve("file"), new byte[20 * MEGABYTE]);
        Process tar =
                new ProcessBuilder("tar", "-C", directory.toString(), "-c", "file")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        archive = tar.getInputStream().readAllBytes();
    }

    private static void drain(ThrottledArchiveStream stream) throws IOException {
        stream.transferTo(OutputStream.nullOutputStream());
    }

    @Test
    void aWholeArchivePassesAsItIsAndTakesItsTime() throws Exception {
        ThrottledArchiveStream stream =
                new ThrottledArchiveStream(
                        new ByteArrayInputStream(archive), Long.MAX_VALUE, () -> true);
        long start = System.nanoTime();
        assertThat(stream.readAllBytes()).isEqualTo(archive);
        // 20 MiB at 64 MiB a second, the last piece without a pause.
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(240));
        assertThat(stream.bytes()).isEqualTo(archive.length);
        assertThat(stream.isTruncated()).isFalse();
    }

    @Test
    void incompleteArchiveIsTruncated() throws Exception {
        byte[] half = Arrays.copyOf(archive, archive.length / 2);
        ThrottledArchiveStream stream =
                new ThrottledArchiveStream(
                        new ByteArrayInputStream(half), Long.MAX_VALUE, () -> true);
        drain(stream);
        assertThat(stream.isTruncated()).isTrue();
    }

    @Test
    void archiveOverTheSizeLimitFails() {
        ThrottledArchiveStream stream =
                new ThrottledArchiveStream(
                        new ByteArrayInputStream(archive), 3 * MEGABYTE, () -> true);
        assertThatThrownBy(() -> drain(stream)).isInstanceOf(IOException.class);
        assertThat(stream.isTooLarge()).isTrue();
        assertThat(stream.bytes()).isLessThan(4 * MEGABYTE);
    }

    @Test
    void roomIsLookedForAgainOnTheWay() {
        AtomicInteger spaceChecks = new AtomicInteger();
        ThrottledArchiveStream stream =
                new ThrottledArchiveStream(
                        new ByteArrayInputStream(archive),
                        Long.MAX_VALUE,
                        () -> spaceChecks.incrementAndGet() < 2);
        assertThatThrownBy(() -> drain(stream)).isInstanceOf(IOException.class);
        assertThat(stream.isDiskFull()).isTrue();
        assertThat(stream.bytes()).isBetween(16L * MEGABYTE, 17L * MEGABYTE);
    }
}
