package io.github.writeprobe.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A Compose project, run by the real docker-compose. Removes its containers and volumes when it is
/// closed.
final class ComposeProject implements AutoCloseable {
    private final Lab lab;
    private final String name;
    private final List<Path> files = new ArrayList<>();
    private final Path directory;

    ComposeProject(Lab lab, String name, String yaml) {
        this.lab = lab;
        this.name = name;
        this.directory = lab.directory(name);
        files.add(write("compose.yml", yaml));
    }

    String name() {
        return name;
    }

    Path write(String file, String text) {
        try {
            return Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds another file, as with another `-f`.
    void override(Path file) {
        files.add(file);
    }

    /// What docker-compose prints; it has to succeed.
    String compose(String... args) {
        List<String> command = new ArrayList<>(List.of("docker-compose", "-p", name));
        files.forEach(f -> command.addAll(List.of("-f", f.toString())));
        command.addAll(List.of(args));
        Lab.Run run = Lab.run(lab.environment(), command);
        if (run.code() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + run.output());
        }
        return run.out();
    }

    String container(String service) {
        return compose("ps", "-q", service).strip();
    }

    @Override
    public void close() {
        List<String> down =
                Stream.concat(
                                Stream.of("docker-compose", "-p", name),
                                files.stream().flatMap(f -> Stream.of("-f", f.toString())))
                        .toList();
        Lab.run(
                lab.environment(),
                Stream.concat(down.stream(), Stream.of("down", "-v", "--timeout", "2")).toList());
    }
}
