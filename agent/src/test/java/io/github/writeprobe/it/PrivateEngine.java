package io.github.writeprobe.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A private engine that can be stopped and restarted. It has its own network namespace, so that
/// its clean-up removes no bridge of the host.
final class PrivateEngine implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private static final String SUBORDINATES =
            """
            printf 'nobody:100000:65536\\nnogroup:100000:65536\\n' >"$0"
            for file in /etc/subuid /etc/subgid; do
                [ ! -e $file ] || mount --bind "$0" $file
            done
            exec "$@"
            """;

    private final Path directory;
    private final List<String> options;
    private Process process;

    private PrivateEngine(Path directory, List<String> options) {
        this.options = options;
        this.directory = directory;
        this.process = launch();
    }

    /// @param options of dockerd
    static PrivateEngine start(String... options) {
        try {
            // Not below /tmp, which may be a tmpfs, on which overlayfs does not work.
            Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "wpengine");
            // The root user of another user namespace must be able to search it.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            PrivateEngine engine = new PrivateEngine(directory, List.of(options));
            engine.awaitReady();
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An engine whose containers are in a user namespace: their root is uid 100000 of the host.
    /// For this engine only, another `/etc/subuid` is mounted over the host's.
    static PrivateEngine startRemapped() {
        return start("--userns-remap=nobody:nogroup");
    }

    String host() {
        return "unix://" + directory.resolve("docker.sock");
    }

    Map<String, String> environment() {
        return Map.of("DOCKER_HOST", host());
    }

    /// Limits the space for volumes from now on.
    ///
    /// @param size in the syntax of tmpfs(5)
    void limitVolumeSpace(String size) {
        Lab.Run run =
                Lab.run(
                        Map.of(),
                        List.of(
                                "nsenter",
                                "-t",
                                Long.toString(process.pid()),
                                "-m",
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + size,
                                "tmpfs",
                                directory.resolve("data").resolve("volumes").toString()));
        if (run.code() != 0) {
            throw new AssertionError(run.output());
        }
    }

    private Process launch() {
        try {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    "unshare",
                                    "--mount",
                                    "--net",
                                    "sh",
                                    "-c",
                                    SUBORDINATES,
                                    directory.resolve("subordinates").toString(),
                                    "dockerd",
                                    "--host",
                                    host(),
                                    "--data-root",
                                    directory.resolve("data").toString(),
                                    "--exec-root",
                                    directory.resolve("run").toString(),
                                    "--pidfile",
                                    directory.resolve("pid").toString(),
                                    "--bridge=none",
                                    "--iptables=false",
                                    "--ip6tables=false",
                                    "--live-restore"));
            command.addAll(options);
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        long until = System.nanoTime() + TIMEOUT.toNanos();
        while (Lab.run(environment(), List.of("docker", "version")).code() != 0) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                throw new AssertionError("no private engine: " + log());
            }
            RunningAgent.pause(Duration.ofMillis(200));
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Stops it. Its containers keep running.
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the private engine does not end: " + log());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void restart() {
        process = launch();
        awaitReady();
    }

    /// Stops its process with a signal, so that it hangs, or continues it.
    void freeze(boolean frozen) {
        Lab.run(
                Map.of(),
                List.of("kill", "-s", frozen ? "STOP" : "CONT", Long.toString(process.pid())));
    }

    @Override
    public void close() {
        freeze(false);
        stop();
        String unmount =
                "grep -o \" $1/[^ ]*\" /proc/self/mountinfo | sort -r | xargs -r -n 1 umount -l; rm -rf \"$1\"";
        Lab.run(Map.of(), List.of("sh", "-c", unmount, "lab", directory.toString()));
    }
}
