package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Containers in which the procfs witness hangs, so that only their own shells give a result; and
/// containers with mount tables that are larger than memory allows.
@Tag("long")
class HangingIT {
    private static final int CONTAINERS = 8;

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    private static JsonNode audit(List<String> names, String... options) {
        List<String> args = new ArrayList<>(List.of("audit", "--format", "json"));
        args.addAll(List.of(options));
        args.addAll(names);
        Lab.Run run = lab.writeprobe(args.toArray(String[]::new));
        try {
            return new JsonMapper().readTree(run.out()).path("containers");
        } catch (IOException e) {
            throw new UncheckedIOException(run.output(), e);
        }
    }

    private static JsonNode containerReport(JsonNode containers, String name) {
        for (JsonNode c : containers) {
            if (c.path("name").asText().equals(name)) {
                return c;
            }
        }
        throw new AssertionError("no " + name + " in " + containers);
    }

    /// Three filesystems each: more than the number of threads that may hang in one container.
    @Test
    void eightHangingContainersDoNotDelayOtherVerdicts() {
        List<String> names = new ArrayList<>();
        List<String> helpers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            String name = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/m:mode=755");
            lab.docker("exec", name, "mkdir", "/m/a", "/m/b", "/m/c");
            names.add(name);
        }
        for (String name : names) {
            for (String at : List.of("/m/a", "/m/b", "/m/c")) {
                helpers.add(lab.mountHanging(name, at));
            }
        }
        String honest = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        String open = lab.start(Lab.Image.BUSYBOX);
        List<String> all = new ArrayList<>(names);
        all.add(honest);
        all.add(open);
        try {
            JsonNode reports = audit(all);
            for (String name : names) {
                assertThat(containerReport(reports, name).path("verdict").asText())
                        .as(containerReport(reports, name).toString())
                        .isNotEqualTo("compliant");
            }
            assertThat(containerReport(reports, honest).path("verdict").asText())
                    .as(containerReport(reports, honest).toString())
                    .isEqualTo("compliant");
            assertThat(containerReport(reports, open).path("verdict").asText())
                    .isEqualTo("violating");
        } finally {
            helpers.forEach(h -> lab.docker("rm", "-f", h));
        }
    }

    /// Nine thousand bind mounts with long names: a mount table of some megabytes each.
    @Test
    void mountTablesOfMegabytesCostOnlyThoseThatHaveThem() {
        List<String> names = new ArrayList<>();
        String many =
                "mount -t tmpfs t /m && i=0; while [ $i -lt 4500 ]; do mkdir /m/%1$s$i && mount --bind /m/%1$s$i"
                                .formatted("n".repeat(200))
                        + " /m/%1$s$i; i=$((i+1)); done; exec sleep 3600"
                                .formatted("n".repeat(200));
        for (int i = 0; i < 4; i++) {
            names.add(
                    lab.start(
                            lab.image(Lab.Image.BUSYBOX),
                            List.of("sh", "-c", many),
                            "--read-only",
                            "--tmpfs",
                            "/m",
                            "--cap-add",
                            "SYS_ADMIN",
                            "--security-opt",
                            "apparmor=unconfined"));
        }
        String honest = lab.start(Lab.Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        for (String name : names) {
            for (int i = 0;
                    i < 600 && !lab.exec(name, "cat /proc/1/comm").startsWith("sleep");
                    i++) {
                RunningAgent.pause(java.time.Duration.ofMillis(200));
            }
        }
        List<String> all = new ArrayList<>(names);
        all.add(honest);
        JsonNode reports = audit(all, "--witness", "procfs");
        for (String name : names) {
            assertThat(containerReport(reports, name).path("unproved").toString())
                    .contains("its mount table is too large");
        }
        assertThat(containerReport(reports, honest).path("verdict").asText())
                .isEqualTo("compliant");
    }
}
