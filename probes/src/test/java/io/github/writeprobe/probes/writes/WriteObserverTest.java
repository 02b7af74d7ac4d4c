package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteObserverTest {
    /// fanotify_init(2): EPERM, EMFILE, ENOSYS, and an errno that its manual does not list.
    @ParameterizedTest
    @CsvSource({
        "1, CAP_SYS_ADMIN",
        "24, fs.fanotify.max_user_groups",
        "38, this kernel has no fanotify",
        "5, errno 5"
    })
    void aFanotifyErrorNamesWhatIsMissing(int errno, String expected) {
        assertThat(WriteObserver.describeFanotifyError(errno)).contains(expected);
    }
}
