package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.writeprobe.cli.InProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A real engine to test with, images built on demand, and the shipped program.
///
/// Removes everything that it created. Fails if no engine answers.
public final class Lab implements AutoCloseable {
    /// The content of an image.
    public enum Image {
        /// A static busybox with all its applets.
        BUSYBOX,
        /// dash as `sh`, and a few programs of the host.
        DASH,
        /// bash as `sh`, and a few programs of the host.
        BASH,
        /// The same with other shells, whose error messages have other words.
        ZSH,
        KSH93,
        MKSH,
        POSH,
        /// dash as `sh`, but no `rm`.
        NO_RM,
        /// One static program, and no shell.
        NO_SHELL
    }

    /// The result of a program.
    record Run(int code, String out, String err) {
        String output() {
            return out + err;
        }

        /// Standard output as one line, without line breaks.
        String unwrapped() {
            return out.replaceAll("\\s+", " ");
        }
    }

    private final String tag =
            "wplab-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    private final Map<Image, String> images = new EnumMap<>(Image.class);
    private final AtomicInteger started = new AtomicInteger(100);
    private final List<String> extraImages = Collections.synchronizedList(new ArrayList<>());
    private final List<String> volumes = Collections.synchronizedList(new ArrayList<>());
    private final Path scratch;
    private final Map<String, String> environment;

    private Lab(Map<String, String> environment) throws IOException {
        this.environment = environment;
        scratch = Files.createTempDirectory("wplab");
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public static Lab open() {
        return open(Map.of());
    }

    /// A lab on the engine that the environment variables select.
    static Lab open(Map<String, String> environment) {
        try {
            return new Lab(environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A directory of the host that every user may write to. It is removed at the end.
    Path directory(String name) {
        try {
            Path directory = Files.createDirectories(scratch.resolve(name));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> environment() {
        return environment;
    }

    /// A tag that no other lab has.
    String tag() {
        return tag;
    }

    public String label() {
        return "writeprobe.lab=" + tag;
    }

    public synchronized String image(Image kind) {
        return images.computeIfAbsent(
                kind,
                k -> {
                    String name = tag + "-" + k.name().toLowerCase(java.util.Locale.ROOT) + ":1";
                    runScript(name, IMAGE_SCRIPT, k.name(), name);
                    return name;
                });
    }

    /// An image with the content that a shell script puts into the directory `$tree`.
    String image(String name, String fill) {
        String image = tag + "-" + name + ":1";
        runScript(
                image,
                "set -e; tree=$(mktemp -d); chmod 755 $tree; "
                        + fill
                        + "\ntar -C $tree -c . | docker import - "
                        + image
                        + " >/dev/null; rm -rf $tree");
        extraImages.add(image);
        return image;
    }

    /// A copy of another image, with changes by a shell script in `$tree`.
    public String image(Image base, String name, String change) {
        String unpack =
                "id=$(docker create "
                        + image(base)
                        + " x); docker export $id | tar -x -C $tree; docker rm $id >/dev/null; ";
        return image(name, unpack + change);
    }

    /// An image of a real service, from Debian's packages.
    ///
    /// @param name `nginx`, `redis` or `postgres`; see `bin/service-images`
    synchronized String serviceImage(String name) {
        if (!extraImages.contains(tag + "-debian:1")) {
            extraImages.addAll(
                    Stream.of("nginx", "redis", "postgres", "debian")
                            .map(n -> tag + "-" + n + ":1")
                            .toList());
            runScript("services", "exec ../bin/service-images $1", tag);
        }
        return tag + "-" + name + ":1";
    }

    private static final String IMAGE_SCRIPT =
            """
            set -e
            kind=$1 name=$2
            tree=$(mktemp -d)
            chmod 755 "$tree"
            cd "$tree"
            if [ "$kind" = NO_SHELL ]; then
                cp /bin/busybox sleep
            else
                mkdir -p bin etc home root run tmp usr var/tmp
                chmod 1777 tmp var/tmp
                printf 'root:x:0:0::/root:/bin/sh\\napp:x:1000:1000::/home:/bin/sh\\n' >etc/passwd
                if [ "$kind" = BUSYBOX ]; then
                    cp /bin/busybox bin/
                    for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -s busybox "bin/$applet"; done
                else
                    programs="sleep ls cat id touch mkdir rmdir chmod ln mv readlink printf kill ["
                    [ "$kind" = NO_RM ] || programs="$programs rm"
                    shell=dash
                    [ "$kind" = NO_RM ] || shell=$(echo "$kind" | tr A-Z a-z)
                    for program in $programs $shell; do
                        path=$(PATH=/usr/bin:/bin env which "$program")
                        cp "$(readlink -f "$path")" "bin/$program"
                        for library in $(ldd "$path" | grep -o '/[^ ]*'); do
                            mkdir -p ".${library%/*}"
                            cp -n "$library" ".$library"
                        done
                    done
                    ln -s "$shell" bin/sh
                    cp /bin/busybox bin/mount
                fi
            fi
            tar -c . | docker import - "$name" >/dev/null
            cd /
            rm -rf "$tree"
            """;

    /// Starts a container that sleeps, and returns its name.
    public String start(Image image, String... options) {
        List<String> sleep =
                image == Image.NO_SHELL ? List.of("/sleep", "3600") : List.of("sleep", "3600");
        return start(image(image), sleep, options);
    }

    /// Starts a container of any image, and returns its name.
    public String start(String image, List<String> command, String... options) {
        return make(List.of("run", "-d"), image, command, options);
    }

    /// Creates a container without starting it, for containers that may fail to start on this host.
    public String create(Image image, String... options) {
        return make(List.of("create"), image(image), List.of("sleep", "3600"), options);
    }

    private String make(
            List<String> dockerCommand, String image, List<String> command, String... options) {
        String name = tag + "-" + started.incrementAndGet();
        List<String> args =
                Stream.of(
                                dockerCommand.stream(),
                                Stream.of("--name", name, "--label", label(), "--network", "none"),
                                Arrays.stream(options),
                                Stream.of(image),
                                command.stream())
                        .flatMap(s -> s)
                        .toList();
        docker(args.toArray(String[]::new));
        return name;
    }

    /// Starts a container with a script that `recommend` printed, with only the options that every
    /// container of the tests has, and returns its name.
    ///
    /// @param rest options, the image and the command
    String startWithScript(Path script, String... rest) {
        String name = tag + "-" + started.incrementAndGet();
        List<String> fixed =
                List.of(
                        "sh",
                        script.toString(),
                        "-d",
                        "--name",
                        name,
                        "--label",
                        label(),
                        "--network",
                        "none");
        Run run = run(environment, Stream.concat(fixed.stream(), Arrays.stream(rest)).toList());
        if (run.code() != 0) {
            throw new AssertionError(script + ": " + run.output());
        }
        docker("inspect", "-f", "{{range .Mounts}}{{.Name}} {{end}}", name)
                .strip()
                .transform(names ->
                        names.isEmpty() ? Stream.<String>of() : Stream.of(names.split(" +")))
                .forEach(volumes::add);
        return name;
    }

    public String id(String container) {
        return docker("inspect", "-f", "{{.Id}}", container).strip();
    }

    /// Creates a volume with a unique name.
    public String volume() {
        String name = tag + "-" + started.incrementAndGet();
        return docker("volume", "create", "--label", label(), name).strip();
    }

    /// Options for a read-only bind of a directory whose own mounts stay writable, as `:ro` did
    /// until Docker 25.
    Stream<String> readOnlyAtItsTop(Path source, String target) {
        String api = docker("version", "-f", "{{.Server.APIVersion}}").strip();
        return Integer.parseInt(api.replaceFirst(".*\\.", "")) < 44
                ? Stream.of("-v", source + ":" + target + ":ro")
                : Stream.of(
                        "--mount",
                        "type=bind,source=%s,target=%s,readonly,bind-recursive=writable"
                                .formatted(source, target));
    }

    /// Runs docker, which has to succeed, and returns what it printed.
    public String docker(String... args) {
        Run run =
                run(environment, Stream.concat(Stream.of("docker"), Arrays.stream(args)).toList());
        if (run.code() != 0) {
            throw new AssertionError("docker " + String.join(" ", args) + ": " + run.output());
        }
        return run.out();
    }

    /// Runs a shell command in a container and returns what it prints.
    public String exec(String container, String command) {
        return docker("exec", "-u", "0", container, "sh", "-c", command);
    }

    long pid(String container) {
        return Long.parseLong(docker("inspect", "-f", "{{.State.Pid}}", container).strip());
    }

    /// Mounts a filesystem in a container whose server never answers: every access hangs until the
    /// helper ends.
    ///
    /// @return the helper
    String mountHanging(String container, String mountPoint) {
        String open =
                "exec 3<>/dev/fuse; nsenter -t %d -m -p -- /bin/mount -t fuse -o %s x %s; sleep 3600"
                        .formatted(
                                pid(container),
                                "fd=3,rootmode=40000,user_id=0,group_id=0,allow_other",
                                mountPoint);
        String helper =
                start(
                        image(Image.BUSYBOX),
                        List.of("sh", "-c", open),
                        "--cap-add",
                        "SYS_ADMIN",
                        "--cap-add",
                        "SYS_PTRACE",
                        "--pid",
                        "host",
                        "--device",
                        "/dev/fuse",
                        "--security-opt",
                        "seccomp=unconfined",
                        "--security-opt",
                        "apparmor=unconfined");
        RunningAgent.pause(java.time.Duration.ofMillis(700));
        return helper;
    }

    /// Mounts or remounts without the engine's knowledge, in the container's own namespaces.
    ///
    /// @param mount arguments of mount(8)
    void mount(String container, String... mount) {
        String pid = Long.toString(pid(container));
        List<String> helper =
                List.of(
                        "run",
                        "--rm",
                        "--label",
                        label(),
                        "--cap-add",
                        "SYS_ADMIN",
                        "--cap-add",
                        "SYS_PTRACE",
                        "--pid",
                        "host",
                        "--network",
                        "none",
                        "--security-opt",
                        "seccomp=unconfined",
                        "--security-opt",
                        "apparmor=unconfined",
                        image(Image.BUSYBOX),
                        "nsenter",
                        "-t",
                        pid,
                        "-m",
                        "-p",
                        "--",
                        "/bin/mount");
        List<String> command =
                Stream.of(Stream.of("docker"), helper.stream(), Arrays.stream(mount))
                        .flatMap(s -> s)
                        .toList();
        Run run = run(environment, command);
        // A remount to read-only fails while any process writes there, for example an agent.
        for (int i = 0; i < 20 && run.code() != 0 && run.output().contains("busy"); i++) {
            run = run(environment, command);
        }
        if (run.code() != 0) {
            throw new AssertionError(command + ": " + run.output());
        }
    }

    /// Runs the shipped writeprobe.
    Run writeprobe(String... args) {
        return writeprobe(environment, args);
    }

    /// In this JVM where that makes no difference: an image is tested as it is, an agent ends with
    /// its process, and `recommend` handles signals.
    Run writeprobe(Map<String, String> environment, String... args) {
        boolean inProcess =
                TestedImage.command().isEmpty()
                        && args.length > 0
                        && Set.of("audit", "explain", "config").contains(args[0]);
        if (!inProcess) {
            return spawn(environment, args);
        }
        InProcess.Result result = InProcess.run(environment, args);
        return new Run(result.code(), result.out(), result.err());
    }

    /// In a JVM of its own, as a user runs it.
    Run spawn(Map<String, String> environment, String... args) {
        return run(environment, command(args));
    }

    static List<String> command(String... args) {
        List<String> image = TestedImage.command();
        if (!image.isEmpty()) {
            return Stream.concat(image.stream(), Arrays.stream(args)).toList();
        }
        return ShippedJvm.command(args);
    }

    /// Runs a program without standard input, for at most three minutes.
    static Run run(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            Process process = builder.start();
            CompletableFuture<String> err =
                    CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String out = text(process.getInputStream());
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            return new Run(process.exitValue(), out, Objects.requireNonNull(err.join()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(InputStream in) {
        try {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void runScript(String what, String script, String... args) {
        Run run =
                run(
                        environment,
                        Stream.concat(Stream.of("sh", "-c", script, "lab"), Arrays.stream(args))
                                .toList());
        if (run.code() != 0) {
            throw new AssertionError("making " + what + ": " + run.output());
        }
    }

    /// Removes all containers, so that a slow agent finds only those of the next test.
    void removeContainers() {
        String empty =
                "ids=$(docker ps -aq --filter label=$1); [ -z \"$ids\" ] || docker rm -fv $ids";
        run(environment, List.of("sh", "-c", empty, "lab", label()));
    }

    @Override
    public void close() {
        removeContainers();
        String clean =
                """
                volumes=$(docker volume ls -q --filter label=$1)
                [ -z "$volumes" ] || docker volume rm $volumes
                shift
                [ $# = 0 ] || docker rmi "$@"
                true
                """;
        List<String> command = new ArrayList<>(List.of("sh", "-c", clean, "lab", label()));
        command.addAll(images.values());
        command.addAll(extraImages);
        run(environment, command);
        if (!volumes.isEmpty()) {
            run(
                    environment,
                    Stream.concat(Stream.of("docker", "volume", "rm", "-f"), volumes.stream())
                            .toList());
        }
        run(Map.of(), List.of("rm", "-rf", scratch.toString()));
    }
}
