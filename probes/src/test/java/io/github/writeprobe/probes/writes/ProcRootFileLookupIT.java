package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.procfs.TestContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A container's files, seen from outside. Needs root.
class ProcRootFileLookupIT {
    private static final String SETUP =
            """
            mkdir -p data/sub; chown 7:8 data; chmod 3770 data
            printf 12345 >data/file; chgrp 8 data/file; chmod 4640 data/file
            ln -s file data/link; ln -s /data out; ln -s /etc/passwd host; ln -s ../../../.. up; ln -s loop loop
            mkfifo data/pipe; mknod data/null c 1 3
            printf x >'data/two
            lines'
            mount -t tmpfs -o mode=1777 t tmp
            """;

    private static FileLookup files(TestContainer container) {
        return ProcRootFileLookup.of(container.pid(), container.id()).orElseThrow();
    }

    private static FileFacts at(FileLookup files, String path) {
        return files.file(path).orElseThrow(() -> new AssertionError("no " + path));
    }

    @Test
    void aFileIsWhatItIsInTheContainer() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            FileLookup files = files(container);
            assertThat(at(files, "/data"))
                    .usingRecursiveComparison()
                    .ignoringFields("modified")
                    .isEqualTo(new FileFacts("/data", FileType.DIRECTORY, 03770, 7, 8, 0, ""));
            assertThat(at(files, "/data/file"))
                    .usingRecursiveComparison()
                    .ignoringFields("modified")
                    .isEqualTo(new FileFacts("/data/file", FileType.REGULAR, 04640, 0, 8, 5, ""));
            assertThat(at(files, "/tmp").mode()).isEqualTo(01777);
            assertThat(at(files, "/data/pipe").type()).isEqualTo(FileType.FIFO);
            assertThat(at(files, "/data/null").type()).isEqualTo(FileType.DEVICE);
            assertThat(files.file("/nothing")).isEmpty();
            assertThat(files.file("relative")).isEmpty();
        }
    }

    @Test
    void linksAreFollowedAndNeverLeadOut() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            FileLookup files = files(container);
            assertThat(at(files, "/out/link").path()).isEqualTo("/data/file");
            assertThat(at(files, "/up").path()).isEqualTo("/");
            assertThat(at(files, "/up/data").path()).isEqualTo("/data");
            assertThat(files.file("/host")).isEmpty();
            assertThat(files.file("/loop")).isEmpty();
        }
    }

    @Test
    void aDirectoryIsListed() throws Exception {
        try (TestContainer container = TestContainer.start(SETUP)) {
            FileLookup files = files(container);
            FileLookup.Listing all = files.list("/out", 100).orElseThrow();
            assertThat(all.complete()).isTrue();
            assertThat(all.entries())
                    .extracting(FileFacts::path)
                    .containsExactlyInAnyOrder(
                            "/data/sub",
                            "/data/file",
                            "/data/link",
                            "/data/pipe",
                            "/data/null",
                            "/data/two\nlines");
            assertThat(all.entries())
                    .filteredOn(e -> e.type() == FileType.SYMLINK)
                    .extracting(FileFacts::target)
                    .containsExactly("file");
            FileLookup.Listing some = files.list("/data", 2).orElseThrow();
            assertThat(some.entries()).hasSize(2);
            assertThat(some.complete()).isFalse();
            assertThat(files.list("/data", 6).orElseThrow().complete()).isTrue();
            assertThat(files.list("/data/file", 2)).isEmpty();
            assertThat(files.list("/", 100).orElseThrow().entries())
                    .extracting(FileFacts::path)
                    .contains("/data", "/out");
        }
    }

    @Test
    void aLargeDirectoryIsListedInParts() throws Exception {
        try (TestContainer container =
                TestContainer.start(
                        "cd tmp; for i in $(seq 3000); do : >a-name-of-some-length-$i; done")) {
            assertThat(files(container).list("/tmp", 5000).orElseThrow().entries()).hasSize(3000);
        }
    }

    @Test
    void idsAreTheContainers() throws Exception {
        try (TestContainer container =
                TestContainer.start("mkdir d", "unshare", "--user", "--map-root-user", "--mount")) {
            Path theirs = Files.createFile(container.root().resolve("theirs"));
            Files.setAttribute(theirs, "unix:uid", 7);
            FileLookup files = files(container);
            assertThat(at(files, "/d").uid()).isZero();
            // An unmapped id appears as nobody in the container.
            assertThat(at(files, "/theirs").uid()).isEqualTo(65_534);
        }
    }

    @Test
    void whatHasEndedHasNoFilesAndNothingIsLeftOpen() throws Exception {
        TestContainer container = TestContainer.start(SETUP);
        FileLookup files = files(container);
        at(files, "/data");
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            files.file("/data/file");
            files.list("/data", 10);
        }
        assertThat(descriptors()).isEqualTo(before);
        container.kill();
        assertThat(files.file("/data")).isEmpty();
        assertThat(files.list("/data", 10)).isEmpty();
        assertThat(ProcRootFileLookup.of(container.pid(), container.id())).isEmpty();
        container.close();
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
