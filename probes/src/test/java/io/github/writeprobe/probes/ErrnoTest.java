package io.github.writeprobe.probes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "writeprobe: 94: cannot create /etc/x: Read-only file system            | EROFS",
                "writeprobe: line 93: can't create /etc/x: Read-only file system        | EROFS",
                "writeprobe: line 79: /etc/x: Read-only file system                     | EROFS",
                "sh: can't create /x: Permission denied                                 | EACCES",
                "sh: 1: cannot create /a/b: Directory nonexistent                       | ENOENT",
                "bash: /x: cannot overwrite existing file                               | EEXIST",
                "sh: 1: cannot create /x: File exists                                   | EEXIST",
                "sh: can't create /x: No space left on device                           | ENOSPC",
                "sh: can't create /x: Disk quota exceeded                               | EDQUOT",
                "sh: can't create /x: Quota exceeded                                    | EDQUOT",
                "writeprobe: 97: printf: printf: I/O error                              | EIO",
                "sh: can't create /x: Operation not permitted                           | EPERM",
                "sh: can't create /x: Text file busy                                    | ETXTBSY",
                "Read-only file system                                                  | EROFS"
            })
    void theWordingOfEachShellAndLibraryIsUnderstood(String message, Errno errno) {
        assertThat(Errno.fromMessage(message)).contains(errno);
    }

    @Test
    void aPathThatReadsLikeAnErrorIsNotTakenForOne() {
        assertThat(
                        Errno.fromMessage(
                                "sh: can't create /x: Read-only file system/y: Permission denied"))
                .contains(Errno.EACCES);
        assertThat(Errno.fromMessage("sh: can't create /Read-only file system")).isEmpty();
    }

    @Test
    void anUnknownMessageHasNoErrno() {
        assertThat(Errno.fromMessage("sh: something else went wrong")).isEmpty();
        assertThat(Errno.fromMessage("")).isEmpty();
    }

    @Test
    void onlyErofsProvesReadOnlyAndOnlyMissingSpaceProvesTheContrary() {
        for (Errno errno : Errno.values()) {
            Errno.Proof expected =
                    switch (errno) {
                        case EROFS -> Errno.Proof.READ_ONLY;
                        case ENOSPC, EDQUOT -> Errno.Proof.NOT_READ_ONLY;
                        default -> Errno.Proof.NOTHING;
                    };
            assertThat(errno.proof()).as(errno.name()).isEqualTo(expected);
        }
    }

    @Test
    void aRefusalAfterAFileWasCreatedProvesThatTheMountIsNotReadOnly() {
        assertThat(new WriteResult.Refused(Errno.EIO, true, "").proof())
                .isEqualTo(Errno.Proof.NOT_READ_ONLY);
        assertThat(new WriteResult.Refused(Errno.EACCES, false, "").proof())
                .isEqualTo(Errno.Proof.NOTHING);
    }
}
