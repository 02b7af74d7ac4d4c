package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An audit or an agent that is interrupted at any moment leaves no probe file and no process
/// behind. Twice each, and hundreds of times in `bin/bench kills`.
class InterruptIT {
    private static final int TIMES = Integer.getInteger("interrupt.times", 2);
    private static final long GONE_WITHIN_MILLIS = 15_000;

    @AutoClose private static Lab lab;

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    /// The `chmod` of these containers is slow, so that most interruptions come while files exist.
    @ParameterizedTest
    @CsvSource({"audit, INT", "audit, TERM", "audit, KILL", "agent, KILL"})
    void interruptedProbeLeavesNoFiles(String what, String signal) throws Exception {
        String image =
                lab.image(
                        Lab.Image.DASH,
                        "laggard-" + what + signal.toLowerCase(java.util.Locale.ROOT),
                        "mv $tree/bin/chmod $tree/bin/chmod-in-time;"
                                + " printf '#!/bin/sh\\ncase $(readlink /proc/self/fd/4) in /data/*) sleep 0.5 ;; esac\\nexec chmod-in-time \"$@\"\\n' >$tree/bin/chmod;"
                                + " chmod 755 $tree/bin/chmod");
        lab.removeContainers();
        Path host = lab.directory("host-" + what + signal);
        Path configuration = lab.directory("configuration").resolve("writeprobe.yml");
        Files.writeString(
                configuration, "probe: {witness: exec, interval: 1s, exec-interval: 1s}\n");
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            containers.add(
                    lab.start(
                            image,
                            List.of("sleep", "3600"),
                            "-v",
                            host + ":/data",
                            "--tmpfs",
                            "/tmp"));
        }
        Random random = new Random(signal.hashCode());
        int caught = 0;
        for (int i = 0; i < TIMES || (caught <= TIMES / 3 && i < 5 * TIMES); i++) {
            Process interrupted =
                    new ProcessBuilder(command(what, configuration, containers))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (i % 2 == 0) {
                awaitFile(host);
            } else {
                Thread.sleep(300 + random.nextInt(900));
            }
            caught += files(host).isEmpty() ? 0 : 1;
            Lab.run(Map.of(), List.of("kill", "-s", signal, Long.toString(interrupted.pid())));
            assertThat(interrupted.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(caught)
                .as("interruptions that came while a file was there")
                .isGreaterThan(TIMES / 3);
        awaitNothing(host, containers);
        for (String container : containers) {
            assertThat(lab.exec(container, "ls -a / /tmp /etc /run /data /dev /dev/shm"))
                    .doesNotContain("writeprobe");
        }
    }

    private static List<String> command(String what, Path configuration, List<String> containers) {
        if (what.equals("agent")) {
            return Lab.command(
                    "agent",
                    "--config.file",
                    configuration.toString(),
                    "--web.listen-address",
                    "127.0.0.1:0");
        }
        return Stream.concat(
                        Lab.command("audit", "--witness", "exec").stream(), containers.stream())
                .toList();
    }

    /// On a busy host, every removal is slow.
    @Test
    void aRemovalThatTakesItsTimeIsNotCutShort() throws Exception {
        String image =
                lab.image(
                        Lab.Image.DASH,
                        "slow",
                        "mv $tree/bin/rm $tree/bin/rm-in-time;"
                                + " printf '#!/bin/sh\\nsleep 2\\nexec rm-in-time \"$@\"\\n' >$tree/bin/rm;"
                                + " chmod 755 $tree/bin/rm");
        Path host = lab.directory("slow");
        String container =
                lab.start(image, List.of("sleep", "3600"), "--read-only", "-v", host + ":/data");
        Process audit =
                new ProcessBuilder(Lab.command("audit", "--witness", "exec", container))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        awaitFile(host);
        assertThat(files(host)).hasSize(1);
        audit.destroyForcibly().waitFor();
        awaitNothing(host, List.of(container));
    }

    private static void awaitNothing(Path host, List<String> containers) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GONE_WITHIN_MILLIS);
        while (!(files(host).isEmpty() && isClean(containers)) && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertThat(files(host)).isEmpty();
        for (String container : containers) {
            assertThat(lab.docker("top", container).lines().skip(1)).hasSize(1);
        }
    }

    private static void awaitFile(Path host) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (files(host).isEmpty() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
    }

    private static boolean isClean(List<String> containers) {
        return containers.stream().allMatch(c -> lab.docker("top", c).lines().count() == 2);
    }

    private static List<String> files(Path host) {
        String[] names = host.toFile().list();
        return names == null ? List.of() : List.of(names);
    }
}
