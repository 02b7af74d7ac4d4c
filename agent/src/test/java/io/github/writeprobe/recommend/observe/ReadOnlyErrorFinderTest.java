package io.github.writeprobe.recommend.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOnlyErrorFinderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Error: EROFS: read-only file system, mkdir /tmp/session | /tmp/session",
                "mkdir: can't create directory '/data/x': Read-only file system | /data/x",
                "No usable temporary directory found in ['/tmp', '/var/tmp', '/'] | /tmp",
                "nginx: could not create temporary file | /tmp",
                "Cannot create temp dir | /tmp",
            })
    void theRefusedPathIsFound(String line, String path) {
        assertThat(ReadOnlyErrorFinder.of(List.of("starting", line), List.of()))
                .containsExactly(path);
        assertThat(ReadOnlyErrorFinder.isRefusal(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open /etc/app.conf: no such file or directory",
                "created temporary file /tmp/x",
                "listening on /run/app.sock",
                "/dev/x: Read-only file system"
            })
    void nothingElseIsARefusal(String line) {
        assertThat(ReadOnlyErrorFinder.of(List.of(line), List.of())).isEmpty();
    }

    @Test
    void whatIsOnAMountIsNotMissed() {
        assertThat(
                        ReadOnlyErrorFinder.of(
                                List.of("/data/x: Read-only file system"),
                                List.of(
                                        new DeclaredMount(
                                                "/data", MountKind.BIND, "/h", false, "", ""))))
                .isEmpty();
    }
}
