package io.github.writeprobe.recommend.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.prove.ProofCoverage.Phase;
import io.github.writeprobe.recommend.prove.ProofCoverage.PhaseName;
import io.github.writeprobe.recommend.prove.ProofCoverage.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A clone with a tmpfs on `/run` and a volume on `/data`, created at [#CREATED].
class CloneWriteRecorderTest {
    private static final Instant CREATED = Instant.parse("2026-11-30T12:00:00.5Z");

    private final CloneWriteRecorder recorder = new CloneWriteRecorder();
    private final TreeMap<String, FileFacts> files = new TreeMap<>();
    private Instant now = CREATED;
    private boolean readable = true;

    @BeforeEach
    void makeMounts() {
        directory("/run");
        directory("/data");
    }

    private final FileLookup lookup =
            new FileLookup() {
                @Override
                public Optional<FileFacts> file(String path) {
                    return Optional.ofNullable(files.get(path));
                }

                @Override
                public Optional<Listing> list(String path, int max) {
                    return file(path)
                            .filter(f -> f.type() == FileType.DIRECTORY && readable)
                            .map(f ->
                                    new Listing(
                                            files.values().stream()
                                                    .filter(e -> parent(e.path()).equals(path))
                                                    .toList(),
                                            true));
                }
            };

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static ProposalTarget subject() {
        ProposalTarget base = FakeCloneEnvironments.subject("web", false, Map.of());
        List<DeclaredMount> mounts =
                List.of(
                        new DeclaredMount("/run", MountKind.TMPFS, "tmpfs", true, "", ""),
                        new DeclaredMount("/data", MountKind.VOLUME, "data", true, "", ""),
                        new DeclaredMount("/etc/x", MountKind.BIND, "/x", false, "", ""));
        return FakeCloneEnvironments.withMounts(base, mounts)
                .with(
                        new ProposalTarget.State(
                                false, Optional.of(CREATED), Set.of(), List.of(), Set.of()));
    }

    private void directory(String path) {
        put(path, FileType.DIRECTORY, 0);
    }

    private void write(String path, long bytes) {
        put(path, FileType.REGULAR, bytes);
        directory(parent(path));
    }

    private void remove(String path) {
        files.remove(path);
        directory(parent(path));
    }

    private void put(String path, FileType type, long bytes) {
        files.put(path, new FileFacts(path, type, 0644, 0, 0, bytes, "", Optional.of(now)));
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
    }

    private void end(PhaseName phase) {
        if (phase == PhaseName.STOP) {
            files.keySet().removeIf(path -> path.startsWith("/run/"));
            recorder.endStopped(phase, Duration.ZERO, subject(), lookup);
        } else {
            recorder.endRunning(phase, Duration.ZERO, subject(), lookup);
        }
        pass(Duration.ofSeconds(2));
    }

    private Written last() {
        return recorder.phases().getLast().written();
    }

    private static Written paths(String... paths) {
        return new Written.Paths(List.of(paths), paths.length);
    }

    @Test
    void whatACopyBroughtWasNotWrittenByTheClone() {
        now = CREATED.minusMillis(100);
        write("/data/copied", 1);
        now = CREATED.plusMillis(100);
        write("/data/own", 1);
        write("/run/pid", 1);
        end(PhaseName.START);
        assertThat(last()).isEqualTo(paths("/data/own", "/run/pid"));
    }

    @Test
    void eachPhaseHasItsOwnPaths() {
        write("/data/log", 1);
        end(PhaseName.START);
        write("/data/upload", 5);
        end(PhaseName.EXERCISE);
        write("/data/dump", 7);
        end(PhaseName.STOP);
        assertThat(last()).isEqualTo(paths("/data/dump"));
        write("/data/log", 2);
        write("/run/pid", 1);
        end(PhaseName.RESTART);
        assertThat(last()).isEqualTo(paths("/data/log", "/run/pid"));
        end(PhaseName.SECOND_EXERCISE);
        assertThat(last()).isEqualTo(paths());
        assertThat(recorder.everWritten())
                .containsExactly("/data/dump", "/data/log", "/data/upload", "/run/pid");
    }

    @Test
    void aFileThatWasRemovedIsNamed() {
        write("/data/old", 1);
        end(PhaseName.START);
        remove("/data/old");
        end(PhaseName.EXERCISE);
        assertThat(last()).isEqualTo(paths("/data/old"));
    }

    /// Nothing of a temporary file is left but the time of its directory.
    @Test
    void aDirectoryStandsForATemporaryFile() {
        directory("/data/tmp");
        end(PhaseName.START);
        write("/data/tmp/x", 1);
        remove("/data/tmp/x");
        end(PhaseName.EXERCISE);
        assertThat(last()).isEqualTo(paths("/data/tmp"));
    }

    @Test
    void whatCannotBeReadIsNotNothing() {
        readable = false;
        end(PhaseName.START);
        assertThat(last()).isInstanceOf(Written.Unknown.class);
    }

    @Test
    void muchDataIsNotReadFromAStoppedClone() {
        write("/data/big", 1 << 30);
        end(PhaseName.START);
        write("/data/dump", 1);
        end(PhaseName.STOP);
        assertThat(last()).isInstanceOf(Written.Unknown.class);
        end(PhaseName.RESTART);
        assertThat(last()).isEqualTo(paths("/data/dump"));
    }

    @Test
    void aLongListIsCutButCounted() {
        for (int i = 0; i < 1_500; i++) {
            write("/data/" + i, 1);
        }
        end(PhaseName.START);
        assertThat(recorder.phases())
                .extracting(Phase::written)
                .singleElement()
                .isInstanceOfSatisfying(
                        Written.Paths.class,
                        written -> {
                            assertThat(written.total()).isEqualTo(1_500);
                            assertThat(written.first()).hasSize(1_000);
                        });
    }
}
