package io.github.writeprobe.docker.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmptyDirectoryTarTest {
    @Test
    void itIsAnArchiveOfOneDirectory() throws Exception {
        List<TarReader.Entry> entries = new ArrayList<>();
        TarReader tar = new TarReader(entries::add);
        byte[] archive = EmptyDirectoryTar.of("a-volume", 02750, 1000, 07777777, 7);
        tar.accept(archive, 0, archive.length);
        assertThat(tar.isComplete()).isTrue();
        assertThat(entries)
                .containsExactly(
                        new TarReader.Entry("a-volume/", '5', 02750, 1000, 07777777, 0, "", 7));
    }

    @Test
    void tarItselfReadsIt() throws Exception {
        Process tar =
                new ProcessBuilder("tar", "--list", "--verbose", "--numeric-owner", "--utc")
                        .redirectErrorStream(true)
                        .start();
        try (var in = tar.getOutputStream()) {
            in.write(EmptyDirectoryTar.of("a-volume", 0755, 1000, 1001, 86_400));
        }
        String output = new String(tar.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(tar.waitFor()).as(output).isZero();
        assertThat(output.replaceAll(" +", " "))
                .isEqualTo("drwxr-xr-x 1000/1001 0 1970-01-02 00:00 a-volume/");
    }

    @Test
    void notEveryOwnerFits() {
        assertThat(EmptyDirectoryTar.canHold(07777777, 0)).isTrue();
        assertThat(EmptyDirectoryTar.canHold(010000000, 0)).isFalse();
        assertThat(EmptyDirectoryTar.canHold(0, 4_294_967_294L)).isFalse();
    }
}
