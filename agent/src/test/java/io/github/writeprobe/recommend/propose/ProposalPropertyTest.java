package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.mounts.MountTable;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.ModelContainer.Node;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Random services, each made read-only by its proposal: none loses what it wrote to last, none is
/// refused a write, none is given two mounts for the same files, and a second proposal for the
/// result changes nothing.
///
/// `-Dproperty.seed=S -Dproperty.count=N` repeat the same services. `bin/bench proposals` runs more
/// of them.
class ProposalPropertyTest {
    private static final long SEED = Long.getLong("property.seed", 20);
    private static final int COUNT = Integer.getInteger("property.count", 400);

    @Test
    void noProposalLosesWhatWasWrittenToLast() {
        List<String> wrong = new ArrayList<>();
        for (long seed = SEED; seed < SEED + COUNT; seed++) {
            RandomService service = new RandomService(seed);
            try {
                check(service, seed);
            } catch (AssertionError | ModelContainer.Refused e) {
                wrong.add("-Dproperty.seed=" + seed + " -Dproperty.count=1: " + service + "\n" + e);
            }
        }
        assertThat(wrong.stream().limit(4)).as(wrong.size() + " of " + COUNT).isEmpty();
    }

    private static void check(RandomService service, long seed) {
        ModelContainer original =
                new ModelContainer(service.image(), List.of(), new HashMap<>(), false);
        original.start();
        try {
            service.run(original, 1);
        } catch (ModelContainer.Refused e) {
            // A service that does not work as it is.
            return;
        }
        List<ProposalItem> proposed = proposal(service, original, seed).provisions();
        checkMounts(service, proposed);

        service.lasting().clear();
        Map<String, ModelContainer.Filesystem> volumes = new HashMap<>();
        ModelContainer applied = new ModelContainer(service.image(), proposed, volumes, true);
        applied.start();
        try {
            service.run(applied, 1);
        } catch (ModelContainer.Refused e) {
            if (!isWatched(seed) && e.isTemporary()) {
                // Without a watch, nothing shows that a file was created and removed.
                return;
            }
            throw e;
        }
        applied.start();
        checkKept(service, applied, proposed);
        service.run(applied, 2);
        assertThat(proposal(service, applied, seed).provisions())
                .as("a second proposal for the result")
                .allMatch(ProposalItem.Kept.class::isInstance);
        ModelContainer recreated = new ModelContainer(service.image(), proposed, volumes, true);
        recreated.start();
        checkKept(service, recreated, proposed);
        service.run(recreated, 3);
    }

    private static boolean isWatched(long seed) {
        return seed % 3 != 0;
    }

    private static Proposal proposal(RandomService service, ModelContainer container, long seed) {
        ContainerFixture fixture =
                ContainerFixture.of("example/svc").command("/opt/svc").user(service.uid());
        container.describe(fixture, isWatched(seed));
        if (seed % 7 == 1) {
            fixture.withoutSource(WriteEvidenceSource.DIFF);
        }
        return fixture.proposal();
    }

    private static void checkMounts(RandomService service, List<ProposalItem> proposed) {
        List<String> tmpfs = new ArrayList<>();
        List<String> volumes = new ArrayList<>();
        for (ProposalItem provision : proposed) {
            switch (provision) {
                case Tmpfs t -> tmpfs.add(t.path());
                case Volume v -> volumes.add(v.path());
                case ProposalItem.Kept _, ProposalItem.Setting _ -> {}
            }
        }
        List<String> all = new ArrayList<>(tmpfs);
        all.addAll(volumes);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(volumes)
                .as("a volume that holds another mount")
                .noneMatch(v ->
                        all.stream().anyMatch(m -> !m.equals(v) && MountTable.isAtOrBelow(m, v)));
        for (String path : service.lasting().keySet()) {
            assertThat(tmpfs)
                    .as("a tmpfs over " + path + " in " + proposed)
                    .noneMatch(t -> MountTable.isAtOrBelow(path, t));
        }
    }

    private static void checkKept(
            RandomService service, ModelContainer container, List<ProposalItem> proposed) {
        service.lasting()
                .forEach((path, content) -> {
                    assertThat(container.find(path).map(Node::content))
                            .as(path + " with " + proposed)
                            .contains(content);
                });
    }
}
