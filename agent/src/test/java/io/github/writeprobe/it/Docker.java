package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The real engine, through the docker command. Makes an image of its own from a static busybox,
/// pulls nothing, and removes on [#close()] what it made, and nothing else.
public final class Docker implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private final String mark = "wp-it-" + Long.toHexString(new Random().nextLong());
    private final List<String> volumes = new ArrayList<>();
    private String image = "";

    /// The name of an image with busybox as every tool it has, made at the first call.
    public String image() {
        if (image.isEmpty()) {
            image = mark + ":latest";
            makeImage();
        }
        return image;
    }

    /// Starts a container that sleeps.
    ///
    /// @param options of `docker run`
    /// @return its id
    public String run(String... options) {
        return run(List.of(options), "sleep", "600");
    }

    /// Starts a container.
    ///
    /// @param options of `docker run`
    /// @return its id
    public String run(List<String> options, String... command) {
        return make(List.of("run", "-d"), options, command);
    }

    /// Makes a container without starting it, for what the machine may not let start.
    ///
    /// @param options of `docker create`
    /// @return its id
    public String create(String... options) {
        return make(List.of("create"), List.of(options), "sleep", "600");
    }

    private String make(List<String> how, List<String> options, String... command) {
        List<String> all = new ArrayList<>(how);
        all.addAll(List.of("--label", "writeprobe.it=" + mark));
        all.addAll(options);
        all.add(image());
        all.addAll(List.of(command));
        return docker(all.toArray(String[]::new));
    }

    /// Makes a volume with a name that nobody else uses.
    public String volume() {
        String name = docker("volume", "create", mark + "-" + volumes.size());
        volumes.add(name);
        return name;
    }

    /// Runs a command in a container.
    ///
    /// @return what it printed
    public String exec(String container, String... command) {
        return docker(
                Stream.concat(Stream.of("exec", container), Stream.of(command))
                        .toArray(String[]::new));
    }

    /// Removes a container, running or not.
    public void remove(String container) {
        docker("rm", "-f", "-v", container);
    }

    /// Runs the docker command.
    ///
    /// @return its standard output, without surrounding space
    /// @throws IllegalStateException if it fails; tests do not pass without an engine
    public String docker(String... arguments) {
        return command(Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList());
    }

    @Override
    public void close() {
        // By label: a container that could not be started has been made all the same.
        docker("ps", "-aq", "--filter", "label=writeprobe.it=" + mark)
                .lines()
                .forEach(this::remove);
        volumes.forEach(volume -> docker("volume", "rm", volume));
        if (!image.isEmpty()) {
            docker("rmi", image);
        }
    }

    private void makeImage() {
        try {
            Path root = Files.createTempDirectory(mark);
            try {
                Path bin = Files.createDirectories(root.resolve("bin"));
                for (String directory :
                        List.of("etc", "tmp", "run", "var/tmp", "home", "root", "usr")) {
                    Files.createDirectories(root.resolve(directory));
                }
                Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
                Path busybox = bin.resolve("busybox");
                Files.copy(staticBusybox(), busybox);
                busybox.toFile().setExecutable(true, false);
                for (String applet :
                        command(List.of(busybox.toString(), "--list")).split("\n", -1)) {
                    Path link = bin.resolve(applet);
                    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, Path.of("busybox"));
                    }
                }
                Path tar = root.resolve("image.tar");
                command(
                        List.of(
                                "tar",
                                "-C",
                                root.toString(),
                                "--exclude=./image.tar",
                                "-cf",
                                tar.toString(),
                                "."));
                docker("import", "-c", "CMD [\"/bin/sh\"]", tar.toString(), image);
            } finally {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("no image could be made", e);
        }
    }

    private static Path staticBusybox() {
        return Stream.of("/bin/busybox", "/usr/bin/busybox", "/bin/busybox.static")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "no /bin/busybox: install a static one, busybox-static in Debian"));
    }

    private static String command(List<String> command) {
        try {
            Path output = Files.createTempFile("docker", ".out");
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(false)
                                .redirectError(ProcessBuilder.Redirect.appendTo(output.toFile()))
                                .start();
                process.getOutputStream().close();
                String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(String.join(" ", command) + " hangs");
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(
                            String.join(" ", command)
                                    + " failed: "
                                    + Files.readString(output).strip());
                }
                return printed;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command) + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
