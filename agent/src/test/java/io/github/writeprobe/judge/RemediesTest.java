package io.github.writeprobe.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A remedy names the settings of what the container was declared with.
class RemediesTest {
    private static List<String> all(boolean pod) {
        Remedies remedies = new Remedies(pod);
        return List.of(
                remedies.readOnlyRootfs(),
                remedies.readOnlyOrSmallerMount(),
                remedies.noexec(),
                remedies.ownerOrDeclareReadOnly(),
                remedies.onlyNeededDirectories());
    }

    @Test
    void aPodIsChangedByItsManifest() {
        assertThat(all(true))
                .noneMatch(r -> r.contains("docker") || r.contains("Docker") || r.contains(":ro"));
        assertThat(new Remedies(true).readOnlyRootfs())
                .contains("securityContext.readOnlyRootFilesystem: true")
                .contains("emptyDir");
    }

    @Test
    void anyOtherContainerIsChangedByComposeOrDocker() {
        assertThat(all(false))
                .noneMatch(r -> r.contains("securityContext") || r.contains("emptyDir"));
        assertThat(new Remedies(false).readOnlyRootfs()).contains("docker run --read-only");
    }
}
