package io.github.writeprobe.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.WaiverNote;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaiverTest {
    private static final WaiverNote NOTE = new WaiverNote("so it is", "me", Optional.empty());

    private static Waiver waiver(Set<FindingKind> kinds, String... paths) {
        return new Waiver(ContainerSelector.ANY, kinds, List.of(paths), NOTE);
    }

    @Test
    void coversEverythingWhereItNamesNothing() {
        assertThat(waiver(Set.of()).covers(FindingKind.DRIFT, "/any")).isTrue();
    }

    @Test
    void coversOnlyTheKindsThatItNames() {
        Waiver exposed = waiver(Set.of(FindingKind.EXPOSED));

        assertThat(exposed.covers(FindingKind.EXPOSED, "/any")).isTrue();
        assertThat(exposed.covers(FindingKind.DRIFT, "/any")).isFalse();
    }

    @Test
    void coversOnlyThePathsThatItNamesAndNotWhatLiesBelow() {
        Waiver data = waiver(Set.of(), "/data", "/srv/*");

        assertThat(data.covers(FindingKind.EXPOSED, "/data")).isTrue();
        assertThat(data.covers(FindingKind.EXPOSED, "/data/a")).isFalse();
        assertThat(data.covers(FindingKind.EXPOSED, "/srv/a/b")).isTrue();
        assertThat(data.covers(FindingKind.EXPOSED, "/")).isFalse();
    }

    @Test
    void kindAndPathHaveToFitTogether() {
        Waiver root = waiver(Set.of(FindingKind.EXPOSED), "/");

        assertThat(root.covers(FindingKind.DRIFT, "/")).isFalse();
        assertThat(root.covers(FindingKind.EXPOSED, "/tmp")).isFalse();
    }
}
