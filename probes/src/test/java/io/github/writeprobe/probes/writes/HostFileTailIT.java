package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// As root on the machine, which is the host.
class HostFileTailIT {
    @TempDir Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("0.log"), content);
    }

    @Test
    void theEndIsReadFromTheBeginningOfALineOn() throws IOException {
        Path file = file("first\nsecond\nthird");

        assertThat(HostFileTail.read(file.toString(), 100)).contains("first\nsecond\nthird");
        assertThat(HostFileTail.read(file.toString(), 10)).contains("third");
    }

    @Test
    void linksOfTheDirectoryAreFollowed() throws IOException {
        file("text\n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);

        assertThat(HostFileTail.read(link + "/0.log", 100)).contains("text\n");
    }

    /// A container that mounts the directory of logs could lead it to a secret of the host.
    @Test
    void aLinkIsNotRead() throws IOException {
        Path file = file("text\n");
        Path link = Files.createSymbolicLink(directory.resolve("1.log"), file);

        assertThat(HostFileTail.read(link.toString(), 100)).isEmpty();
    }

    @Test
    void whatIsNoFileIsNotRead() {
        assertThat(HostFileTail.read(directory.toString(), 100)).isEmpty();
        assertThat(HostFileTail.read(directory + "/none", 100)).isEmpty();
        assertThat(HostFileTail.read("0.log", 100)).isEmpty();
        assertThat(HostFileTail.read("", 100)).isEmpty();
    }
}
