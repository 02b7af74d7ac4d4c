package io.github.writeprobe.recommend.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.recommend.observe.FileChange.Kind;
import io.github.writeprobe.recommend.propose.ContainerFixture;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiffNoiseMarkerTest {
    private static final Instant CREATED = Instant.parse("2026-11-30T12:00:00Z");

    private static FileFacts facts(String path, FileType type, Optional<Instant> modified) {
        return new FileFacts(path, type, 0644, 0, 0, 10, "", modified);
    }

    private static final FileLookup FILES =
            new FileLookup() {
                @Override
                public Optional<FileFacts> file(String path) {
                    return Optional.empty();
                }

                @Override
                public Optional<Listing> list(String path, int max) {
                    Optional<Instant> before = Optional.of(CREATED.minusSeconds(1));
                    Optional<Instant> after = Optional.of(CREATED.plusSeconds(1));
                    return Optional.of(
                            new Listing(
                                    List.of(
                                            facts("/app/code", FileType.REGULAR, before),
                                            facts("/app/state", FileType.REGULAR, after),
                                            facts("/app/lib", FileType.DIRECTORY, before),
                                            facts("/app/socket", FileType.SOCKET, before),
                                            facts(
                                                    "/app/unknown",
                                                    FileType.REGULAR,
                                                    Optional.empty())),
                                    true));
                }
            };

    private static Kind classify(Kind kind, String path, Optional<Instant> created) {
        return classify(List.of(new FileChange(kind, path)), created).getFirst();
    }

    private static List<Kind> classify(List<FileChange> changes, Optional<Instant> created) {
        ProposalTarget subject =
                ContainerFixture.of("x")
                        .observed()
                        .subject()
                        .with(
                                new ProposalTarget.State(
                                        false, created, Set.of(), List.of(), Set.of()));
        return DiffNoiseMarker.classify(changes, subject, 0, FILES).stream()
                .map(FileChange::kind)
                .toList();
    }

    @Test
    void aFileThatIsOlderThanTheContainerHasOnlyANewOwner() {
        assertThat(classify(Kind.CHANGED, "/app/code", Optional.of(CREATED)))
                .isEqualTo(Kind.OWNER_CHANGED);
    }

    @Test
    void aDirectoryThatIsOlderThanTheContainerHasOnlyANewOwnerUnlessSomethingInItChanged() {
        FileChange directory = new FileChange(Kind.CHANGED, "/app/lib");
        Optional<Instant> created = Optional.of(CREATED);
        assertThat(classify(List.of(directory), created)).containsExactly(Kind.OWNER_CHANGED);
        assertThat(
                        classify(
                                List.of(directory, new FileChange(Kind.CHANGED, "/app/lib/x")),
                                created))
                .containsExactly(Kind.CHANGED, Kind.CHANGED);
    }

    @Test
    void everythingElseStaysAsTheEngineSaysIt() {
        Optional<Instant> created = Optional.of(CREATED);
        assertThat(classify(Kind.CHANGED, "/app/state", created)).isEqualTo(Kind.CHANGED);
        assertThat(classify(Kind.CHANGED, "/app/socket", created)).isEqualTo(Kind.CHANGED);
        assertThat(classify(Kind.CHANGED, "/app/unknown", created)).isEqualTo(Kind.CHANGED);
        assertThat(classify(Kind.ADDED, "/app/code", created)).isEqualTo(Kind.ADDED);
        assertThat(classify(Kind.DELETED, "/app/code", created)).isEqualTo(Kind.DELETED);
        assertThat(classify(Kind.CHANGED, "/app/code", Optional.empty())).isEqualTo(Kind.CHANGED);
    }
}
