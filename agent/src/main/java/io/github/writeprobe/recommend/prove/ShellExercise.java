package io.github.writeprobe.recommend.prove;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs the user's command with the shell of this machine. The image of a clone may have no shell,
/// and test clients usually are not in the container of the service.
public final class ShellExercise implements CloneExerciser {
    private static final int MAX_BYTES = 16 << 10;
    private static final int MAX_LINES = 20;

    /// How long to wait for output that is left in the pipe. Processes that the command started may
    /// keep it open.
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

    private final String command;

    /// @param command for `sh -c`
    public ShellExercise(String command) {
        this.command = requireNonNull(command);
    }

    @Override
    public Exercised exercise(Map<String, String> environment, Duration limit)
            throws InterruptedException {
        // In its own session, so that everything that the command starts can be killed with it.
        ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", command);
        // It would override DOCKER_HOST.
        builder.environment().remove("DOCKER_CONTEXT");
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Exercised.Failed("it could not be started: " + e.getMessage(), List.of());
        }
        Tail tail = new Tail();
        Thread reader =
                Thread.ofPlatform().daemon().start(() -> tail.drain(process.getInputStream()));
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Exercised.TimedOut(limit, tail.lines());
            }
            reader.join(DRAIN_TIMEOUT);
            return process.exitValue() == 0
                    ? new Exercised.Passed()
                    : new Exercised.Failed(
                            "it exited with code " + process.exitValue(), tail.lines());
        } finally {
            process.destroyForcibly();
            killProcessGroup(process.pid());
        }
    }

    /// Java cannot signal a process group.
    private static void killProcessGroup(long leader) {
        try {
            new ProcessBuilder("sh", "-c", "kill -s KILL -- -" + leader)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException unable) {
            // The shell could not be started. It ran a moment ago; there is nothing left to try.
        }
    }

    /// The end of the output.
    private static final class Tail {
        private final byte[] ring = new byte[MAX_BYTES];
        private long length;

        void drain(InputStream in) {
            byte[] chunk = new byte[MAX_BYTES];
            try (in) {
                int n;
                while ((n = in.read(chunk)) > 0) {
                    add(chunk, n);
                }
            } catch (IOException ended) {
                add("\n".getBytes(UTF_8), 1);
            }
        }

        private synchronized void add(byte[] bytes, int n) {
            for (int i = 0; i < n; i++) {
                ring[(int) (length++ % MAX_BYTES)] = bytes[i];
            }
        }

        synchronized List<String> lines() {
            int kept = (int) Math.min(length, MAX_BYTES);
            byte[] bytes = new byte[kept];
            for (int i = 0; i < kept; i++) {
                bytes[i] = ring[(int) ((length - kept + i) % MAX_BYTES)];
            }
            List<String> lines = new String(bytes, UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
        }
    }
}
