package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which of the seen writes are kept, and how.
class WrittenFilesTest {
    private static final WrittenFiles.Bounds SMALL = new WrittenFiles.Bounds(6, 3, 4, 1000);

    private static WrittenFiles newLog() {
        return new WrittenFiles(SMALL);
    }

    private static void recordWrite(WrittenFiles writeLog, String path) {
        writeLog.recordWrite(path, FileType.REGULAR, false, 1, "sh");
    }

    private static List<String> paths(WrittenFiles writeLog) {
        return writeLog.writtenFiles(Set.of()).stream().map(WrittenFile::path).toList();
    }

    @Test
    void writesToOneFileAreSummedUp() {
        WrittenFiles writeLog = newLog();
        writeLog.recordWrite("/a", FileType.REGULAR, false, 7, "sh");
        writeLog.recordWrite("/a", FileType.REGULAR, false, 5, "dd");
        writeLog.recordWrite("/a", FileType.REGULAR, false, 6, "");
        writeLog.recordExecution("/a", false);
        assertThat(writeLog.writtenFiles(Set.of()))
                .containsExactly(
                        new WrittenFile(
                                "/a",
                                FileType.REGULAR,
                                false,
                                false,
                                3,
                                7,
                                true,
                                Set.of("sh", "dd")));
        assertThat(writeLog.events()).isEqualTo(3);
    }

    @Test
    void aFileThatStandsOpenWasWrittenIfItChangesMeanwhile() {
        WrittenFiles writeLog = newLog();
        writeLog.recordOpen("/a", FileType.REGULAR, false, 1, 100, "sh");
        writeLog.recordOpen("/a", FileType.REGULAR, false, 1, 100, "sh");
        assertThat(writeLog.writtenFiles(Set.of()).getFirst().times()).isZero();
        writeLog.recordOpen("/a", FileType.REGULAR, false, 1, 101, "sh");
        // A mapping has no modification time.
        writeLog.recordOpen("/a", FileType.REGULAR, false, 1, 0, "sh");
        assertThat(writeLog.writtenFiles(Set.of()).getFirst().times()).isEqualTo(1);
        assertThat(writeLog.writtenFiles(Set.of()).getFirst().openForWriting()).isTrue();
    }

    @Test
    void aWriteThatIsWatchedAndPolledIsCountedOnce() {
        WrittenFiles writeLog = newLog();
        writeLog.recordOpen("/a", FileType.REGULAR, false, 1, 100, "sh");
        recordWrite(writeLog, "/a");
        writeLog.recordOpen("/a", FileType.REGULAR, false, 1, 101, "sh");
        assertThat(writeLog.writtenFiles(Set.of()).getFirst().times()).isEqualTo(1);
    }

    @Test
    void whatIsGoneIsWhatWasDeletedOrIsNotFoundInTheEnd() {
        WrittenFiles writeLog = newLog();
        writeLog.recordWrite("/deleted", FileType.REGULAR, true, 1, "sh");
        recordWrite(writeLog, "/lost");
        recordWrite(writeLog, "/kept");
        writeLog.recordWrite("/again", FileType.REGULAR, true, 1, "sh");
        recordWrite(writeLog, "/again");
        assertThat(writeLog.writtenFiles(Set.of("/lost")))
                .filteredOn(WrittenFile::gone)
                .extracting(WrittenFile::path)
                .containsExactly("/deleted", "/lost");
    }

    @Test
    void beyondTheBoundInOneDirectoryTheDirectoryIsReported() {
        WrittenFiles writeLog = newLog();
        for (int i = 0; i < 5; i++) {
            recordWrite(writeLog, "/d/" + i);
        }
        recordWrite(writeLog, "/e/f");
        recordWrite(writeLog, "/d/0");
        assertThat(paths(writeLog)).containsExactly("/d/0", "/d/1", "/d/2", "/e/f", "/d");
        WrittenFile rest = writeLog.writtenFiles(Set.of()).getLast();
        assertThat(rest.type()).isEqualTo(FileType.DIRECTORY);
        assertThat(rest.times()).isEqualTo(2);
        assertThat(rest.writers()).containsExactly("sh");
        assertThat(writeLog.isTruncated()).isTrue();
    }

    @Test
    void beyondTheBoundOfFilesEveryDirectoryIsStillReported() {
        WrittenFiles writeLog = newLog();
        for (int i = 0; i < 8; i++) {
            recordWrite(writeLog, "/d" + i + "/f");
        }
        writeLog.recordExecution("/bin/x", false);
        assertThat(paths(writeLog)).contains("/d0/f", "/d5/f", "/d6", "/d7", "/bin").hasSize(9);
        assertThat(writeLog.size()).isEqualTo(6);
    }

    @Test
    void longNamesTakeNoMoreThanTheirBound() {
        WrittenFiles writeLog = newLog();
        String name = "x".repeat(300);
        for (int i = 0; i < 1000; i++) {
            recordWrite(writeLog, "/d" + i % 2 + "/" + name + i);
        }
        assertThat(paths(writeLog)).hasSize(5).contains("/d0", "/d1");
    }

    @Test
    void aProbesFileIsNothing() {
        WrittenFiles writeLog = newLog();
        recordWrite(writeLog, "/tmp/.writeprobe-1");
        writeLog.recordExecution("/tmp/.writeprobe-1", true);
        assertThat(paths(writeLog)).isEmpty();
    }
}
