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

/// A container without an engine: a process in a mount namespace with its own root filesystem,
/// started by a shell in an OCI bundle that is named after its id. Needs root.
public final class TestContainer implements AutoCloseable {
    private static final String SCRIPT =
            """
            set -e
            root=$1
            setup=$2
            mkdir -p $root/bin $root/tmp $root/data $root/usr
            cp /bin/busybox $root/bin/busybox
            mount --bind $root $root
            cd $root
            eval "$setup"
            cd $root
            mkdir -p .old
            pivot_root . .old
            exec ./bin/busybox chroot . /bin/busybox sh -c \
                "/bin/busybox umount -l /.old; /bin/busybox rmdir /.old; exec $3"
            """;

    private static final String SLEEP = "/bin/busybox sleep 600";

    private final Path directory;
    private final String id;
    private final Process starter;
    private long pid;

    private TestContainer(Path directory, String id, Process starter) {
        this.directory = directory;
        this.id = id;
        this.starter = starter;
    }

    /// @param setup a shell script, run in the root directory in its mount namespace
    /// @param outerCommand a command that starts another one in other namespaces, say
    public static TestContainer start(String setup, String... outerCommand)
            throws IOException, InterruptedException {
        return startWithCommand(SLEEP, setup, outerCommand);
    }

    /// @param command the command of its first process, to which `sleep 600` is appended
    public static TestContainer startWithCommand(
            String command, String setup, String... outerCommand)
            throws IOException, InterruptedException {
        byte[] random = new byte[32];
        ThreadLocalRandom.current().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path directory = Files.createTempDirectory("wpcell");
        Path bundle = Files.createDirectory(directory.resolve(id));
        List<String> commandLine =
                new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo $! >../pid; wait", "starter"));
        commandLine.addAll(Arrays.asList(outerCommand));
        commandLine.addAll(List.of("unshare", "--mount", "--propagation", "private"));
        String root = bundle.resolve("rootfs").toString();
        commandLine.addAll(List.of("sh", "-c", SCRIPT, "cell", root, setup, command));
        Files.writeString(
                bundle.resolve("config.json"),
                "{\"root\":{\"path\":\"%s\"},\"linux\":{\"namespaces\":[{\"type\":\"%s\"}]}}"
                        .formatted(root, commandLine.contains("--user") ? "user" : "mount"));
        Process starter =
                new ProcessBuilder(commandLine)
                        .directory(bundle.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        TestContainer container = new TestContainer(directory, id, starter);
        for (int i = 0; i < 3000 && !container.isReady(); i++) {
            if (!starter.isAlive()) {
                throw new AssertionError("no cell: " + Files.readString(directory.resolve("log")));
            }
            Thread.sleep(10);
        }
        return container;
    }

    /// Whether the process runs its final command.
    private boolean isReady() throws IOException {
        Path pidFile = directory.resolve("pid");
        String text = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
        if (text.isEmpty()) {
            return false;
        }
        pid = Long.parseLong(text);
        if (text(pid, "comm").strip().equals("unshare")) {
            // It has its own PID namespace, and its first process is the child.
            String children = text(pid, "task/" + pid + "/children").strip();
            pid = children.isEmpty() ? pid : Long.parseLong(children);
        }
        List<String> arguments = List.of(text(pid, "cmdline").split("\0"));
        return arguments.getLast().equals("600");
    }

    private static String text(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file));
        } catch (IOException ended) {
            return "";
        }
    }

    public long pid() {
        return pid;
    }

    public String id() {
        return id;
    }

    /// The OCI bundle, the working directory of the process that started it.
    public Path bundle() {
        return directory.resolve(id);
    }

    /// Its root directory, as this process sees it: without the mounts in it.
    public Path root() {
        return directory.resolve(id).resolve("rootfs");
    }

    /// Mounts something in its mount namespace.
    ///
    /// @param arguments the arguments of mount(8), with paths as this process sees them
    public void mount(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(Arrays.asList(arguments));
        if (arguments.length == 3) {
            // Without /proc, busybox cannot look up the source of a mount.
            command.add(command.size() - 1, "none");
        }
        runBusybox(command.toArray(String[]::new));
    }

    /// Runs any command of busybox in its mount namespace.
    public void runBusybox(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "--mount",
                                "--target",
                                Long.toString(pid()),
                                "/bin/busybox"));
        Arrays.stream(arguments).map(this::containerPath).forEach(command::add);
        Process mount = new ProcessBuilder(command).inheritIO().start();
        if (mount.waitFor() != 0) {
            throw new AssertionError(command + " failed");
        }
    }

    private String containerPath(String argument) {
        String root = root().toString();
        return argument.equals(root) ? "/" : argument.replace(root + "/", "/");
    }

    /// Starts a shell script in it, in its root directory and with its programs.
    public Process startScript(String script) throws IOException {
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

    /// Runs a script, which has to succeed.
    public void runScript(String script) throws IOException, InterruptedException {
        Process process = startScript(script);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(script + ": " + output);
        }
    }

    public void kill() {
        ProcessHandle.of(pid)
                .ifPresent(p -> {
                    p.destroyForcibly();
                    p.onExit().orTimeout(5, TimeUnit.SECONDS).join();
                });
        starter.destroyForcibly().onExit().orTimeout(5, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() throws IOException {
        kill();
        new ProcessBuilder("rm", "-rf", directory.toString()).start().onExit().join();
    }
}
