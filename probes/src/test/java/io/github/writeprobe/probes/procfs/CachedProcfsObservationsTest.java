package io.github.writeprobe.probes.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.FileExecutionResult;
import io.github.writeprobe.probes.KernelFacts;
import io.github.writeprobe.probes.PathObservation;
import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.ProbeResult;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.WriteResult;
import io.github.writeprobe.probes.mounts.MountTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Which observations one attempt can prove again.
class CachedProcfsObservationsTest {
    private static final MountTable MOUNTS =
            MountTable.parse(
                    """
                    20 1 0:30 / / rw - overlay overlay rw
                    21 20 0:31 / /ro ro - tmpfs tmpfs rw
                    22 20 0:32 / /super rw - ext4 /dev/sda ro
                    23 20 0:33 /snapshot /btrfs rw - btrfs /dev/sdb rw
                    24 21 0:34 / /ro/below rw - tmpfs tmpfs rw
                    25 20 0:30 /f /file ro - overlay overlay rw
                    """);

    private static final WriteResult EROFS = new WriteResult.Refused(Errno.EROFS, false, "");
    private static final WriteResult EACCES = new WriteResult.Refused(Errno.EACCES, false, "");
    private static final AllIdentitiesProbe.Identities IDENTITIES = identities(1000);

    private static AllIdentitiesProbe.Identities identities(int uid) {
        return new AllIdentitiesProbe.Identities(
                Optional.of(
                        new FileAccessCredentials(
                                OptionalInt.of(uid), uid, uid, List.of(uid), 0, false)),
                Optional.of(
                        new FileAccessCredentials(OptionalInt.of(0), 0, 0, List.of(0), 1, false)));
    }

    private static ProbeResult result(
            ProbeIdentity identity, String path, String resolved, WriteResult write) {
        return new ProbeResult(
                WitnessName.PROCFS,
                identity,
                Instant.EPOCH,
                Duration.ZERO,
                MOUNTS,
                List.of(
                        new PathObservation(
                                WitnessName.PROCFS,
                                identity,
                                OptionalInt.empty(),
                                path,
                                resolved,
                                write,
                                new FileExecutionResult.Untested("nothing was written"))),
                Optional.empty(),
                List.of(),
                KernelFacts.NONE,
                Optional.empty());
    }

    private static CachedProcfsObservations keep(String path, List<ProbeResult> results) {
        return keep(MOUNTS, List.of(path), results);
    }

    private static CachedProcfsObservations keep(
            MountTable mounts, List<String> paths, List<ProbeResult> results) {
        return CachedProcfsObservations.of(
                mounts,
                paths,
                paths,
                IDENTITIES,
                results,
                Instant.EPOCH,
                path -> !path.equals("/over/a"));
    }

    private static Optional<CachedProcfsObservations.Place> place(
            String path, WriteResult service, WriteResult root) {
        return keep(
                        path,
                        List.of(
                                result(ProbeIdentity.SERVICE, path, path, service),
                                result(ProbeIdentity.ROOT, path, path, root)))
                .places()
                .getFirst();
    }

    @Test
    void refusalByAMountThatIsItselfReadOnly() {
        assertThat(place("/ro/etc", EROFS, EROFS))
                .contains(
                        new CachedProcfsObservations.Place(
                                "/ro/etc", "/ro/etc", "/ro", false, false));
    }

    @Test
    void notByAFilesystemThatIsReadOnly() {
        assertThat(place("/super/a", EROFS, EROFS)).isEmpty();
    }

    @Test
    void notByAFilesystemThatRefusesByItself() {
        assertThat(place("/btrfs", EROFS, EROFS)).isEmpty();
        assertThat(place("/ro/below/a", EROFS, EROFS)).isEmpty();
    }

    @Test
    void notIfAnIdentityObservedSomethingElse() {
        assertThat(place("/ro", EACCES, EROFS)).isEmpty();
        assertThat(place("/ro", EROFS, new WriteResult.Absent())).isEmpty();
        assertThat(place("/ro", EROFS, new WriteResult.Writable())).isEmpty();
    }

    @Test
    void notIfThePathLedToDifferentPlaces() {
        assertThat(
                        keep(
                                        "/link",
                                        List.of(
                                                result(
                                                        ProbeIdentity.SERVICE,
                                                        "/link",
                                                        "/ro",
                                                        EROFS),
                                                result(
                                                        ProbeIdentity.ROOT,
                                                        "/link",
                                                        "/file",
                                                        EROFS)))
                                .places()
                                .getFirst())
                .isEmpty();
    }

    /// @return the paths for which one attempt at `/` is enough
    private static List<String> provedWithRoot(String table) {
        List<String> paths = List.of("/", "/etc", "/over/a", "/ro/etc");
        List<PathObservation> observations =
                paths.stream()
                        .map(p -> result(ProbeIdentity.ROOT, p, p, EROFS).observations().getFirst())
                        .toList();
        ProbeResult result =
                new ProbeResult(
                        WitnessName.PROCFS,
                        ProbeIdentity.ROOT,
                        Instant.EPOCH,
                        Duration.ZERO,
                        MOUNTS,
                        observations,
                        Optional.empty(),
                        List.of(),
                        KernelFacts.NONE,
                        Optional.empty());
        CachedProcfsObservations kept = keep(MountTable.parse(table), paths, List.of(result));
        assertThat(kept.rootPlace().isPresent())
                .isEqualTo(kept.places().getFirst().filter(p -> p.onRootMount()).isPresent());
        return kept.places().stream()
                .flatMap(Optional::stream)
                .filter(CachedProcfsObservations.Place::onRootMount)
                .map(CachedProcfsObservations.Place::path)
                .toList();
    }

    @Test
    void oneAttemptAtTheRootIsEnoughForPathsThatStayOnItsMount() {
        assertThat(
                        provedWithRoot(
                                """
                                20 1 0:30 / / ro - overlay overlay rw
                                21 20 0:31 / /ro ro - tmpfs tmpfs rw
                                22 20 0:30 /hosts /etc/hosts ro - overlay overlay rw
                                """))
                .containsExactly("/", "/etc");
    }

    @Test
    void notIfAnotherMountShowsTheRootFilesystemWritable() {
        assertThat(
                        provedWithRoot(
                                """
                                20 1 0:30 / / ro - overlay overlay rw
                                21 20 0:30 /data /data rw - overlay overlay rw
                                """))
                .isEmpty();
    }

    @Test
    void onlyForTheSameTableAndPathsAndIdentities() {
        CachedProcfsObservations kept =
                keep("/ro", List.of(result(ProbeIdentity.ROOT, "/ro", "/ro", EROFS)));
        assertThat(kept.areFor(MOUNTS, List.of("/ro"), identities(1000))).isTrue();
        assertThat(kept.areFor(MountTable.EMPTY, List.of("/ro"), IDENTITIES)).isFalse();
        assertThat(kept.areFor(MOUNTS, List.of("/ro", "/b"), IDENTITIES)).isFalse();
        assertThat(kept.areFor(MOUNTS, List.of("/ro"), identities(0))).isFalse();
    }
}
