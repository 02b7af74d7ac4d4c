package io.github.writeprobe.recommend.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WrittenFile;
import io.github.writeprobe.recommend.observe.FileChange;
import io.github.writeprobe.recommend.observe.FileChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MissedWritesTest {
    private static List<String> missed(List<String> mounts, String... rows) {
        List<FileChange> changes = new ArrayList<>();
        for (String row : rows) {
            Kind kind =
                    switch (row.charAt(0)) {
                        case 'A' -> Kind.ADDED;
                        case 'D' -> Kind.DELETED;
                        default -> Kind.CHANGED;
                    };
            changes.add(new FileChange(kind, row.substring(2)));
        }
        return MissedWrites.of(changes, List.of(), mounts(mounts), FakeCloneEnvironments.FILES)
                .stream()
                .map(WrittenFile::path)
                .toList();
    }

    private static List<DeclaredMount> mounts(List<String> paths) {
        return paths.stream()
                .map(path -> new DeclaredMount(path, MountKind.TMPFS, "tmpfs", true, "", ""))
                .toList();
    }

    @Test
    void aDirectoryCountsOnlyWhereNothingBelowItDoes() {
        assertThat(missed(List.of(), "C /a", "A /a/b", "A /a/b/c", "A /a-x", "C /tmp"))
                .containsExactly("/a/b/c", "/a-x", "/tmp");
    }

    @Test
    void mountPointsAndWhatLeadsToThemAreTheEngines() {
        assertThat(
                        missed(
                                List.of("/var/lib/data", "/run"),
                                "C /var",
                                "A /var/lib",
                                "A /var/lib/data",
                                "A /run"))
                .isEmpty();
        assertThat(
                        missed(
                                List.of("/var/lib/data"),
                                "C /var",
                                "A /var/lib",
                                "A /var/lib/x",
                                "A /var/lib/data"))
                .containsExactly("/var/lib/x");
    }

    @Test
    void whatIsInAMountOrTheEnginesOwnIsNotMissed() {
        assertThat(
                        missed(
                                List.of("/run"),
                                "A /run/x",
                                "A /running",
                                "C /etc",
                                "C /etc/hosts",
                                "A /dev/x"))
                .containsExactly("/running");
    }

    @Test
    void whatWasRemovedIsGone() {
        List<WrittenFile> missed =
                MissedWrites.of(
                        List.of(new FileChange(Kind.DELETED, "/etc/old")),
                        List.of(),
                        List.of(),
                        FakeCloneEnvironments.FILES);
        assertThat(missed)
                .containsExactly(
                        new WrittenFile(
                                "/etc/old", FileType.UNKNOWN, true, false, 1, 0, false, Set.of()));
    }

    @Test
    void aHundredThousandFilesAreNotAllLookedAt() {
        List<FileChange> changes = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            changes.add(new FileChange(Kind.ADDED, "/spool/" + i));
        }
        int[] queries = {0};
        List<WrittenFile> missed =
                MissedWrites.of(
                        changes,
                        List.of(),
                        List.of(),
                        new FileLookup() {
                            @Override
                            public Optional<FileFacts> file(String path) {
                                queries[0]++;
                                return FakeCloneEnvironments.FILES.file(path);
                            }

                            @Override
                            public Optional<Listing> list(String path, int most) {
                                return Optional.empty();
                            }
                        });
        assertThat(missed).hasSizeBetween(1_000, 20_000);
        assertThat(queries[0]).isLessThanOrEqualTo(50);
    }
}
