package io.github.writeprobe.probes.procfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What the kernel makes a container of, without an engine: a process in a mount namespace and a
/// root directory of its own, which a file system's path names after its id. It takes root.
public final class Cell implements AutoCloseable {
    private static final String SCRIPT =
            """
            set -e
            id=$1
            root=$2
            setup=$3
            mkdir -p $root/bin $root/tmp $root/data $root/usr
            cp /bin/busybox $root/bin/busybox
            mount --bind $root $root
            cd $root
            eval "$setup"
            : >$root.ready
            exec chroot $root /bin/busybox sleep 600
            """;

    private final Path directory;
    private final String id;
    private final Process process;

    private Cell(Path directory, String id, Process process) {
        this.directory = directory;
        this.id = id;
        this.process = process;
    }

    /// @param setup a shell script, run in the root directory in its mount namespace
    public static Cell start(String setup, String... before)
            throws IOException, InterruptedException {
        byte[] random = new byte[32];
        ThreadLocalRandom.current().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path directory = Files.createTempDirectory("wpcell");
        Path root = directory.resolve(id);
        List<String> command =
                new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
        command.addAll(Arrays.asList(before));
        command.addAll(List.of("sh", "-c", SCRIPT, "cell", id, root.toString(), setup));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        Cell cell = new Cell(directory, id, process);
        for (int i = 0; i < 500 && !cell.ready(); i++) {
            if (!process.isAlive()) {
                throw new AssertionError("no cell: " + Files.readString(directory.resolve("log")));
            }
            Thread.sleep(10);
        }
        return cell;
    }

    private boolean ready() throws IOException {
        return Files.readString(Path.of("/proc/" + pid() + "/comm")).startsWith("busybox");
    }

    public long pid() {
        return process.pid();
    }

    public String id() {
        return id;
    }

    /// Its root directory, as this process sees it: without what is mounted in it.
    public Path root() {
        return directory.resolve(id);
    }

    /// Runs a command in its mount namespace, but with the machine's programs.
    public void mount(String... arguments) throws IOException, InterruptedException {
        in(Stream.concat(Stream.of("mount"), Arrays.stream(arguments)).toArray(String[]::new));
    }

    /// The same with any command.
    public void in(String... what) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--mount", "--target", Long.toString(pid())));
        command.addAll(Arrays.asList(what));
        Process mount = new ProcessBuilder(command).inheritIO().start();
        if (mount.waitFor() != 0) {
            throw new AssertionError(command + " failed");
        }
    }

    /// Starts a shell script in it, in its root directory and with its programs.
    public Process starts(String script) throws IOException {
        return new ProcessBuilder(
                        "nsenter",
                        "--mount",
                        "--root",
                        "--wd=/",
                        "--target",
                        Long.toString(pid()),
                        "/bin/busybox",
                        "sh",
                        "-c",
                        script)
                .redirectErrorStream(true)
                .start();
    }

    /// Runs one, which has to succeed.
    public void runs(String script) throws IOException, InterruptedException {
        Process process = starts(script);
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(script + ": " + said);
        }
    }

    public void end() {
        process.destroyForcibly().onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        end();
        new ProcessBuilder("rm", "-rf", directory.toString()).start().onExit().join();
    }
}
