package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is kept of what was seen, and what is not.
class WriteLogTest {
    private static final WriteLog.Bounds SMALL = new WriteLog.Bounds(6, 3, 4, 1000);

    private static WriteLog ledger() {
        return new WriteLog(SMALL);
    }

    private static void wrote(WriteLog ledger, String path) {
        ledger.wrote(path, FileType.REGULAR, false, 1, "sh");
    }

    private static List<String> paths(WriteLog ledger) {
        return ledger.written(Set.of()).stream().map(WrittenFile::path).toList();
    }

    @Test
    void writesToOneFileAreSummedUp() {
        WriteLog ledger = ledger();
        ledger.wrote("/a", FileType.REGULAR, false, 7, "sh");
        ledger.wrote("/a", FileType.REGULAR, false, 5, "dd");
        ledger.wrote("/a", FileType.REGULAR, false, 6, "");
        ledger.executed("/a", false);
        assertThat(ledger.written(Set.of()))
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
        assertThat(ledger.events()).isEqualTo(3);
    }

    @Test
    void aFileThatStandsOpenWasWrittenIfItChangesMeanwhile() {
        WriteLog ledger = ledger();
        ledger.held("/a", FileType.REGULAR, false, 1, 100, "sh");
        ledger.held("/a", FileType.REGULAR, false, 1, 100, "sh");
        assertThat(ledger.written(Set.of()).getFirst().times()).isZero();
        ledger.held("/a", FileType.REGULAR, false, 1, 101, "sh");
        // A mapping does not say when.
        ledger.held("/a", FileType.REGULAR, false, 1, 0, "sh");
        assertThat(ledger.written(Set.of()).getFirst().times()).isEqualTo(1);
        assertThat(ledger.written(Set.of()).getFirst().heldOpen()).isTrue();
    }

    @Test
    void whatIsHeardAndWhatIsSeenIsNotCountedTwice() {
        WriteLog ledger = ledger();
        ledger.held("/a", FileType.REGULAR, false, 1, 100, "sh");
        wrote(ledger, "/a");
        ledger.held("/a", FileType.REGULAR, false, 1, 101, "sh");
        assertThat(ledger.written(Set.of()).getFirst().times()).isEqualTo(1);
    }

    @Test
    void whatIsGoneIsWhatWasDeletedOrIsNotFoundInTheEnd() {
        WriteLog ledger = ledger();
        ledger.wrote("/deleted", FileType.REGULAR, true, 1, "sh");
        wrote(ledger, "/lost");
        wrote(ledger, "/kept");
        ledger.wrote("/again", FileType.REGULAR, true, 1, "sh");
        wrote(ledger, "/again");
        assertThat(ledger.written(Set.of("/lost")))
                .filteredOn(WrittenFile::gone)
                .extracting(WrittenFile::path)
                .containsExactly("/deleted", "/lost");
    }

    @Test
    void beyondTheBoundInOneDirectoryTheDirectoryIsTold() {
        WriteLog ledger = ledger();
        for (int i = 0; i < 5; i++) {
            wrote(ledger, "/d/" + i);
        }
        wrote(ledger, "/e/f");
        wrote(ledger, "/d/0");
        assertThat(paths(ledger)).containsExactly("/d/0", "/d/1", "/d/2", "/e/f", "/d");
        WrittenFile rest = ledger.written(Set.of()).getLast();
        assertThat(rest.type()).isEqualTo(FileType.DIRECTORY);
        assertThat(rest.times()).isEqualTo(2);
        assertThat(rest.by()).containsExactly("sh");
        assertThat(ledger.crowded()).isTrue();
    }

    @Test
    void beyondTheBoundOfFilesEveryDirectoryIsToldStill() {
        WriteLog ledger = ledger();
        for (int i = 0; i < 8; i++) {
            wrote(ledger, "/d" + i + "/f");
        }
        ledger.executed("/bin/x", false);
        assertThat(paths(ledger)).contains("/d0/f", "/d5/f", "/d6", "/d7", "/bin").hasSize(9);
        assertThat(ledger.size()).isEqualTo(6);
    }

    @Test
    void longNamesTakeNoMoreThanTheirBound() {
        WriteLog ledger = ledger();
        String name = "x".repeat(300);
        for (int i = 0; i < 1000; i++) {
            wrote(ledger, "/d" + i % 2 + "/" + name + i);
        }
        assertThat(paths(ledger)).hasSize(5).contains("/d0", "/d1");
    }

    @Test
    void aProbesFileIsNothing() {
        WriteLog ledger = ledger();
        wrote(ledger, "/tmp/.writeprobe-1");
        ledger.executed("/tmp/.writeprobe-1", true);
        assertThat(paths(ledger)).isEmpty();
    }
}
