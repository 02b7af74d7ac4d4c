package io.github.writeprobe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Another JVM with the classes of the tests: for what a JVM can do once only, such as to end.
public final class Child implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;

    private Child(Process process) {
        this.process = process;
        this.out = process.inputReader(UTF_8);
    }

    public static List<String> command(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /// It ignores no signal, even if this JVM does, as one that nohup started.
    public static Child start(Class<?> main, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT,TERM"));
        command.addAll(command(main, arguments));
        return start(command, builder -> {});
    }

    public static Child start(List<String> command, Consumer<ProcessBuilder> settings)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(k -> k.startsWith("WRITEPROBE_"));
        settings.accept(builder);
        return new Child(builder.start());
    }

    /// The child's next line on standard output.
    public String line() throws IOException {
        return String.valueOf(out.readLine());
    }

    public Process process() {
        return process;
    }

    public void kill(String signal) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start();
        assertThat(kill.waitFor()).isZero();
    }

    /// What else the child writes to standard error until it ends.
    public List<String> errors() throws IOException {
        try (BufferedReader err =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            return err.lines().toList();
        }
    }

    public int code() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
