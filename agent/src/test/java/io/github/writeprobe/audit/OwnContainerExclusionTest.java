package io.github.writeprobe.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ExcludedContainer.Reason;
import org.junit.jupiter.api.Test;

class OwnContainerExclusionTest {
    /// Its PID is 0.
    private static final Container OTHER =
            Container.unreadable("a".repeat(64), "web", "unix:///var/run/docker.sock");

    @Test
    void theContainerOfThisProcessIsExcluded() {
        assertThat(OwnContainerExclusion.reason(OTHER.withSelf(), OTHER.pid()))
                .contains(Reason.SELF);
        assertThat(OwnContainerExclusion.reason(OTHER.withSelf(), 1)).contains(Reason.SELF);
    }

    @Test
    void aContainerThatRunsSomethingElseIsNot() {
        assertThat(OwnContainerExclusion.reason(OTHER.withSelf(), 4711)).isEmpty();
    }

    @Test
    void anotherContainerIsNot() {
        assertThat(OwnContainerExclusion.reason(OTHER, OTHER.pid())).isEmpty();
        assertThat(OwnContainerExclusion.reason(OTHER, 1)).isEmpty();
    }
}
