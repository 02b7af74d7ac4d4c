package io.github.writeprobe.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the agent writes to its standard error, a line at a time, with when it arrived.
final class AgentLog {
    /// The last lines are kept, of which nobody waits for most.
    private static final int MAX_LINES = 10_000;

    /// @param at when it arrived, by [System#nanoTime()]
    record Line(String text, long at) {
        /// The value of a field that is a number; the log is JSON.
        long number(String field) {
            Matcher matcher = Pattern.compile("\"" + field + "\":\"?([0-9]+)").matcher(text);
            if (!matcher.find()) {
                throw new IllegalStateException(text);
            }
            return Long.parseLong(matcher.group(1));
        }
    }

    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>(MAX_LINES);

    AgentLog(Process agent) {
        BufferedReader reader = agent.errorReader(UTF_8);
        Thread.ofPlatform().daemon().start(() -> listen(reader));
    }

    private void listen(BufferedReader reader) {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Line received = new Line(line, System.nanoTime());
                while (!lines.offer(received)) {
                    lines.poll();
                }
            }
        } catch (IOException closed) {
            // The agent has ended.
        }
    }

    void clear() {
        lines.clear();
    }

    Line await(Predicate<String> which) throws InterruptedException {
        while (true) {
            Line line = lines.poll(10, TimeUnit.SECONDS);
            if (line == null) {
                throw new IllegalStateException("the agent does not tell of it");
            }
            if (which.test(line.text())) {
                return line;
            }
        }
    }
}
