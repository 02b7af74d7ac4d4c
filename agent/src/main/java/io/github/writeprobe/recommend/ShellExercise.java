package io.github.writeprobe.recommend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A command of the user's, run by this machine's shell: in a clone's image there may be none, and
/// what asks a service something is mostly not where the service is.
public final class ShellExercise implements Exerciser {
    private static final int MAX_BYTES = 16 << 10;
    private static final int MAX_LINES = 20;

    /// For what a command that has ended has left in the pipe. What it has started may hold it
    /// open.
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

    private final String command;

    /// @param command for `sh -c`
    public ShellExercise(String command) {
        this.command = requireNonNull(command);
    }

    @Override
    public Exercised exercise(Map<String, String> environment, Duration limit)
            throws InterruptedException {
        // A session of its own: all that it starts can be ended with it, also what it starts just
        // now.
        ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", command);
        // It would lead elsewhere than DOCKER_HOST does.
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
                return new Exercised.Failed(
                        "it did not end within %d s".formatted(limit.toSeconds()), tail.lines());
            }
            reader.join(DRAIN_TIMEOUT);
            return process.exitValue() == 0
                    ? new Exercised.Passed()
                    : new Exercised.Failed(
                            "it ended with code " + process.exitValue(), tail.lines());
        } finally {
            process.destroyForcibly();
            killProcessGroup(process.pid());
        }
    }

    /// Java has no word for a process group.
    private static void killProcessGroup(long leader) {
        try {
            new ProcessBuilder("sh", "-c", "kill -s KILL -- -" + leader)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException unable) {
            // A shell ran a moment ago; without one there is nothing that could be done.
        }
    }

    /// The end of what comes out.
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
