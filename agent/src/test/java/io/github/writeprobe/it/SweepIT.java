package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.Child;
import io.github.writeprobe.docker.DockerEngines;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.RecommendEngine;
import io.github.writeprobe.recommend.prove.Clone;
import io.github.writeprobe.recommend.prove.CloneEnvironment;
import io.github.writeprobe.recommend.prove.CloneEnvironment.Made;
import io.github.writeprobe.recommend.prove.CloneEnvironmentFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The leftovers of a killed proof are removed by the next writeprobe process, and nothing else is.
class SweepIT {
    private static final String CLONE = "writeprobe.helper=clone";
    private static final String UNTIL = "writeprobe.helper.until=";

    @AutoClose private static Lab lab;
    private static String mark;

    @BeforeAll
    static void open() {
        lab = Lab.open();
        mark = lab.label().replaceFirst(".*=", "");
    }

    private static String network(String name, String until) {
        lab.docker(
                "network",
                "create",
                "--internal",
                "--label",
                CLONE,
                "--label",
                UNTIL + until,
                name);
        return name;
    }

    private static String volume(String name, String... labels) {
        List<String> command = new ArrayList<>(List.of("volume", "create", "--label", lab.label()));
        for (String label : labels) {
            command.addAll(List.of("--label", label));
        }
        command.add(name);
        lab.docker(command.toArray(String[]::new));
        return name;
    }

    @Test
    void anAuditRemovesWhatAKilledProofLeftAndNothingThatOneAliveMayNeed() throws Exception {
        String expired = Instant.now().minus(Duration.ofMinutes(1)).toString();
        String notExpired = Instant.now().plus(Duration.ofMinutes(5)).toString();
        String prefix = "writeprobe-" + mark;
        String old = volume(prefix + "-1", CLONE, UNTIL + expired);
        String live = volume(prefix + "-2", CLONE, UNTIL + notExpired);
        String nobodys = volume(mark + "-3", CLONE, UNTIL + expired);
        String unclear = volume(prefix + "-4", CLONE, UNTIL + "yesterday");
        String unlabelled = volume(prefix + "-5", UNTIL + expired);
        String used = volume(prefix + "-6", CLONE, UNTIL + expired);
        String oldNetwork = network(prefix + "-old", expired);
        String liveNetwork = network(prefix + "-live", notExpired);
        String killed =
                lab.start(
                        Lab.Image.BUSYBOX,
                        "--label",
                        CLONE,
                        "--label",
                        "writeprobe.helper.seconds=1",
                        "-v",
                        old + ":/data",
                        "-v",
                        "/nameless");
        String user = lab.start(Lab.Image.BUSYBOX, "--read-only", "-v", used + ":/data");
        String nameless =
                lab.docker(
                                "inspect",
                                "-f",
                                "{{range .Mounts}}{{if eq .Destination \"/nameless\"}}{{.Name}}{{end}}{{end}}",
                                killed)
                        .strip();
        String[] labels = {"--label", CLONE, "--label", "writeprobe.helper.seconds=1"};
        String somebodys = lab.start(Lab.Image.BUSYBOX, labels);
        lab.docker("rename", killed, prefix + "-killed");
        Thread.sleep(2100);
        Lab.Run run = lab.writeprobe("audit", user);
        assertThat(run.code()).as(run.output()).isLessThan(2);
        assertThat(lab.docker("ps", "-a", "--format", "{{.Names}}").lines())
                .contains(user, somebodys)
                .doesNotContain(prefix + "-killed");
        assertThat(lab.docker("volume", "ls", "-q").lines())
                .contains(live, nobodys, unclear, unlabelled, used)
                .doesNotContain(old, nameless);
        assertThat(lab.docker("network", "ls", "--format", "{{.Name}}").lines())
                .contains(liveNetwork)
                .doesNotContain(oldNetwork);
        lab.docker("network", "rm", liveNetwork);
        lab.docker("rm", "-f", user, somebodys);
        lab.docker("volume", "rm", live, nobodys, unclear, unlabelled, used);
    }

    @Test
    void aProofBeginsByRemovingWhatOthersLeftWithoutAClone() throws Exception {
        String expired = Instant.now().minus(Duration.ofMinutes(1)).toString();
        String prefix = "writeprobe-" + mark + "-alone";
        String old = volume(prefix, CLONE, UNTIL + expired);
        String oldNetwork = network(prefix, expired);
        String container = lab.start(Lab.Image.BUSYBOX);
        lab.writeprobe("audit", container);
        assertThat(lab.docker("volume", "ls", "-q").lines()).contains(old);
        Engine connected =
                DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10)).getFirst();
        CloneEnvironment cloneEnvironment =
                connected
                        .ability(CloneEnvironmentFactory.class)
                        .orElseThrow()
                        .open(Duration.ofSeconds(10), 1 << 20);
        cloneEnvironment.prepare(
                connected
                        .ability(RecommendEngine.class)
                        .orElseThrow()
                        .subject(container)
                        .orElseThrow());
        assertThat(cloneEnvironment.clear()).isEmpty();
        connected.close();
        assertThat(lab.docker("volume", "ls", "-q").lines()).doesNotContain(old);
        assertThat(lab.docker("network", "ls", "--format", "{{.Name}}").lines())
                .doesNotContain(oldNetwork);
    }

    /// A proof that is killed while its clone runs.
    static final class Killed {
        public static void main(String[] args) throws Exception {
            Engine connected =
                    DockerEngines.open(List.of(), System.getenv(), Duration.ofSeconds(10))
                            .getFirst();
            ProposalTarget subject =
                    connected
                            .ability(RecommendEngine.class)
                            .orElseThrow()
                            .subject(args[0])
                            .orElseThrow();
            CloneEnvironment cloneEnvironment =
                    connected
                            .ability(CloneEnvironmentFactory.class)
                            .orElseThrow()
                            .open(Duration.ofSeconds(1), 1 << 20);
            cloneEnvironment.prepare(subject);
            Made made = cloneEnvironment.make(subject, List.of(), true, Duration.ofSeconds(1));
            Clone clone = ((Made.Ready) made).copy();
            clone.start();
            System.out.println(clone.name());
            Thread.sleep(60_000);
        }
    }

    /// The labels of the leftovers say that they are needed for another half minute.
    @Tag("long")
    @Test
    void aProofThatIsKilledIsSweptWhenItsTimeIsUp() throws Exception {
        String container =
                lab.start(Lab.Image.BUSYBOX, "--read-only", "-v", lab.volume() + ":/data");
        String clone;
        try (Child child = Child.start(Killed.class, container)) {
            clone = child.line();
        }
        assertThat(CloneLeftovers.of(lab)).contains(clone).hasSize(4);
        Lab.Run early = lab.writeprobe("audit");
        assertThat(early.out()).contains(container).doesNotContain(clone);
        assertThat(CloneLeftovers.of(lab)).hasSize(4);
        Thread.sleep(33_000);
        Lab.Run late = lab.writeprobe("audit", container);
        assertThat(late.out()).as(late.output()).contains(container);
        assertThat(CloneLeftovers.of(lab)).isEmpty();
    }
}
