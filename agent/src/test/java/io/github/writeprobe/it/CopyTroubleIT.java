package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import io.github.writeprobe.recommend.prove.CloneEnvironment.Prepared;
import io.github.writeprobe.recommend.prove.CloneEnvironmentFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Copies that fail report the reason, and leave nothing behind.
class CopyTroubleIT {
    private final PrivateEngine engine = PrivateEngine.start();
    private final Lab lab = Lab.open(engine.environment());

    @AfterEach
    void close() {
        lab.close();
        engine.close();
    }

    @Tag("long")
    @Test
    void aFullDiskIsReportedAndFreedAgain() throws Exception {
        String original = lab.start(Lab.Image.BUSYBOX, "-v", lab.directory("large") + ":/large");
        lab.exec(original, "for i in 1 2 3 4; do head -c 150000000 /dev/zero >/large/$i; done");
        engine.limitVolumeSpace("16m");
        try (Connection connection = new Connection(engine)) {
            CloneEnvironment cloneEnvironment =
                    connection
                            .connected()
                            .ability(CloneEnvironmentFactory.class)
                            .orElseThrow()
                            .open(Duration.ofMinutes(1), 1 << 30);
            ProposalTarget subject =
                    connection
                            .connected()
                            .ability(RecommendEngine.class)
                            .orElseThrow()
                            .subject(original)
                            .orElseThrow();
            Prepared prepared = cloneEnvironment.prepare(subject);
            assertThat(cloneEnvironment.clear()).isEmpty();
            assertThat(prepared)
                    .isEqualTo(
                            new Prepared.Impossible(
                                    "there is not enough space on the engine's disk for a copy of /large"));
            assertThat(CloneLeftovers.of(lab)).isEmpty();
            assertThat(lab.docker("volume", "ls", "-q")).isEmpty();
            assertThat(lab.exec(original, "ls /large")).isEqualTo("1\n2\n3\n4\n");
        }
    }

    /// Files are created and removed, grow and shrink, have any name, and are deeply nested.
    @Tag("long")
    @Test
    void aTreeThatIsNeverStillIsCopiedOrReportedAsNotCopied() throws Exception {
        String volume = lab.volume();
        String original =
                lab.start(
                        lab.image(Lab.Image.BUSYBOX),
                        List.of(
                                "sh",
                                "-c",
                                """
                                cd /data; n=$(printf 'new\\nline \\033[31m'); echo x >"$n"; mkdir deep
                                (cd deep; for i in $(seq 200); do mkdir directory$i; cd directory$i; done; echo x >file)
                                for j in 1 2; do (while :; do
                                    head -c 3000000 /dev/zero >size$j; : >size$j
                                    for i in 0 1 2 3 4 5 6 7 8 9; do echo x >f$j-$i; done; rm f$j-*
                                done) & done; wait
                                """),
                        "-v",
                        volume + ":/data",
                        "--stop-timeout",
                        "0");
        try (Connection connection = new Connection(engine)) {
            ProposalTarget subject =
                    connection
                            .connected()
                            .ability(RecommendEngine.class)
                            .orElseThrow()
                            .subject(original)
                            .orElseThrow();
            for (int i = 0; i < 3; i++) {
                CloneEnvironment cloneEnvironment =
                        connection
                                .connected()
                                .ability(CloneEnvironmentFactory.class)
                                .orElseThrow()
                                .open(Duration.ofMinutes(1), 1 << 30);
                Prepared prepared = cloneEnvironment.prepare(subject);
                assertThat(cloneEnvironment.clear()).isEmpty();
                switch (prepared) {
                    case Prepared.Ready(Duration running, List<String> differences) -> {
                        assertThat(running).isLessThan(Duration.ofMinutes(5));
                        assertThat(differences).hasSize(1);
                    }
                    case Prepared.Impossible(String reason) ->
                            assertThat(reason)
                                    .isEqualTo("/data changed during every attempt to copy it");
                }
                assertThat(CloneLeftovers.of(lab)).isEmpty();
            }
        }
    }

    private record Connection(Engine connected) implements AutoCloseable {
        Connection(PrivateEngine engine) throws Exception {
            this(
                    DockerEngines.open(
                                    List.of(engine.host()),
                                    engine.environment(),
                                    Duration.ofSeconds(10))
                            .getFirst());
        }

        @Override
        public void close() {
            connected.close();
        }
    }
}
