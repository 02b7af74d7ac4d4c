package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A small C program of `src/test/c`, compiled for a test. It makes system calls without
/// writeprobe's own code.
record CProgram(Path binary) {

    /// @param into a directory that exists as long as the test runs
    static CProgram compile(String name, Path into, String... options) {
        Path binary = into.resolve(name);
        List<String> command =
                new ArrayList<>(List.of("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o"));
        command.addAll(List.of(binary.toString(), "src/test/c/" + name + ".c"));
        command.addAll(Arrays.asList(options));
        Lab.Run run = Lab.run(Map.of(), command);
        if (run.code() != 0) {
            throw new AssertionError("compiling " + name + ": " + run.output());
        }
        return new CProgram(binary);
    }

    Lab.Run run(String... args) {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(Arrays.asList(args));
        return Lab.run(Map.of(), command);
    }

    /// Runs it with some lines on standard input, and returns what it prints. It has to succeed.
    List<String> runWithInput(List<String> lines, String... args) {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(Arrays.asList(args));
        Path input = binary.resolveSibling("input-" + Thread.currentThread().threadId());
        try {
            Files.write(input, lines);
            Process process =
                    new ProcessBuilder(command)
                            .redirectInput(input.toFile())
                            .redirectErrorStream(true)
                            .start();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + out);
            }
            return out.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
