package io.github.writeprobe.recommend.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.ProposalInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Containers that write in order to exhaust or deceive the observer.
class HostileObservationsTest {
    private static final int MANY = 30_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /// @param path of the nth write
    record Flood(String name, IntFunction<String> path) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Flood> floods() {
        return List.of(
                new Flood("one directory", i -> "/srv/app/data/f" + i),
                new Flood("a directory each", i -> "/srv/app/data/d" + i + "/f"),
                new Flood("a directory each, below the root", i -> "/d" + i + "/f"),
                new Flood("databases", i -> "/opt/x/" + i % 1000 + "/" + i + ".db"),
                new Flood("general directories", i -> "/usr/lib/f" + i),
                new Flood("/run", i -> "/run/d" + i + "/x.pid"),
                new Flood("/tmp", i -> "/tmp/" + i),
                new Flood("compiled Python", i -> "/usr/lib/p" + i + "/__pycache__/x.pyc"),
                new Flood("deep", i -> "/srv" + "/d".repeat(i % 60) + "/f" + i));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void aFloodEndsInAFewMounts(Flood flood) {
        ProposalInput observed = observed(flood, MANY);
        Proposal proposal =
                Assertions.assertTimeoutPreemptively(
                        TIMEOUT, () -> new Proposer(ContainerFixture.SHIPPED).propose(observed));
        assertThat(proposal.provisions()).hasSizeLessThanOrEqualTo(66);
        assertThat(proposal.notes()).hasSizeLessThan(80);
        assertThat(String.join("", proposal.notes()).length()).isLessThan(100_000);
        assertThat(proposal.provisions())
                .allSatisfy(p -> assertThat(p.evidence()).hasSizeLessThan(12));
        assertThat(((FakeFiles) observed.files()).queries()).isLessThan(20_000);
    }

    /// Every file is new.
    private static ProposalInput observed(Flood flood, int many) {
        ProposalInput nothing = ContainerFixture.of("x").observed();
        List<FileChange> changes = new ArrayList<>();
        List<WrittenFile> written = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String path = flood.path().apply(i);
            changes.add(new FileChange(FileChange.Kind.ADDED, path));
            written.add(
                    new WrittenFile(
                            path, FileType.REGULAR, false, false, 1, 10, false, Set.of("w" + i)));
        }
        return new ProposalInput(
                nothing.subject(),
                changes,
                written,
                List.of(),
                nothing.files(),
                Duration.ofMinutes(1),
                List.of(),
                List.of());
    }

    @Test
    void aPathAsDeepAsTheKernelAllowsIsNoTrouble() {
        Flood deep = new Flood("deep", i -> "/srv" + "/d".repeat(i + 2));
        Proposal proposal = new Proposer(ContainerFixture.SHIPPED).propose(observed(deep, 2039));
        assertThat(ProposalDigest.of(proposal)).isEqualTo("volume /srv/d ?");
    }

    @Test
    void namesAreTakenAsTheyAre() {
        for (String name :
                List.of(
                        "a b",
                        "new\nline",
                        "\"'$`",
                        "co:lon",
                        "com,ma",
                        "\u202eturn",
                        "*",
                        "?",
                        "\ufffd")) {
            String path = "/srv/" + name + "/x.db";
            List<ProposalItem> provisions =
                    ContainerFixture.of("x").added(path).proposal().provisions();
            assertThat(provisions)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ProposalItem.Volume.class,
                            v -> {
                                assertThat(v.path()).isEqualTo("/srv/" + name);
                                assertThat(v.name()).matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
                            });
        }
    }

    @Test
    void aLinkInACircleIsNoTrouble() {
        // The kernel answers ELOOP, so the view has no such file.
        ContainerFixture fixture =
                ContainerFixture.of("x").added("/var/lib/app/loop", FileType.SYMLINK, 0, 0);
        assertThat(fixture.provisions()).isEqualTo("volume /var/lib/app ?");
    }
}
