package io.github.writeprobe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/// A command line without a JVM of its own, which costs half a second of a processor each time.
/// What it logs goes to the standard error of the tests.
public final class InProcess {
    private InProcess() {}

    public record Result(int code, String out, String err) {}

    /// @param environment on top of that of this process
    public static Result run(Map<String, String> environment, String... args) {
        Map<String, String> all = new HashMap<>(System.getenv());
        all.putAll(environment);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                Main.run(
                        new CommandContext(
                                all,
                                new PrintStream(out, true, UTF_8),
                                new PrintStream(err, true, UTF_8),
                                out),
                        args);
        return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
    }
}
