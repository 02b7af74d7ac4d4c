package io.github.writeprobe.it;

import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A containerd of a newer Debian with its own mounts, and what a kubelet does on it: pods with a
/// sandbox, volumes in the kubelet's directories, and containers. `bin/containerd` starts it.
///
/// `-Dit.containerd=SUITE` selects another Debian suite, and `-Dit.cni=bridge` another plugin for
/// the networks of pods.
final class PrivateContainerd implements AutoCloseable {
    static final String IMAGE = "docker.io/library/writeprobe-lab:1";

    /// Has a `VOLUME /cache`.
    static final String IMAGE_WITH_VOLUME = "docker.io/library/writeprobe-volume:1";

    private static final int NODE = 2;

    private static final String IMAGES_SCRIPT =
            """
            set -e
            cd "$(mktemp -d)"
            mkdir -p tree/bin tree/etc tree/tmp tree/run tree/data
            cp /bin/busybox tree/bin/
            for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -s busybox "tree/bin/$applet"; done
            printf 'root:x:0:0::/root:/bin/sh\\napp:x:1000:1000::/home:/bin/sh\\n' >tree/etc/passwd
            chmod 1777 tree/tmp tree/data
            tar -C tree -cf layer.tar .
            sum=$(sha256sum layer.tar | cut -d' ' -f1)
            config() {
                printf '{"architecture":"%s","os":"linux","config":{"Cmd":["sleep","infinity"],"Env":["PATH=/bin"]%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$2" "$3" "$sum" >"$1.json"
            }
            case $(uname -m) in aarch64) arch=arm64 ;; *) arch=amd64 ;; esac
            config plain $arch
            config volume $arch ',"Volumes":{"/cache":{}}'
            printf '[{"Config":"plain.json","RepoTags":["docker.io/library/writeprobe-pause:1","%s"],"Layers":["layer.tar"]},{"Config":"volume.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$2" "$3" >manifest.json
            tar -cf "$1/images.tar" manifest.json plain.json volume.json layer.tar
            rm -rf "$PWD"
            """;

    /// The parent of the cgroups, in each hierarchy, and all files.
    private static final String CLEANUP_SCRIPT =
            """
            for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*/; do rmdir "$hierarchy/${1##*/}" 2>/dev/null; done
            rm -rf "$1"
            """;

    private final String suite = System.getProperty("it.containerd", "sid");
    private final Path directory;
    private final Process process;
    private final CriCalls calls;
    private final List<String> sandboxes = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger pods = new AtomicInteger();

    private PrivateContainerd(Path directory) throws IOException {
        this.directory = directory;
        this.process =
                new ProcessBuilder(
                                "../bin/containerd",
                                directory.toString(),
                                suite,
                                System.getProperty("it.cni", "ptp"))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("start.log").toFile())
                        .start();
        awaitSocket();
        this.calls = new CriCalls(socket());
        importImages();
    }

    static PrivateContainerd start() {
        try {
            // Not below /tmp, which may be a tmpfs, on which overlayfs does not work.
            Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "wpcri");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            return new PrivateContainerd(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Its files. They are at the same place for the runtime.
    Path directory() {
        return directory;
    }

    /// The Debian suite that it is from.
    String suite() {
        return suite;
    }

    Path socket() {
        return directory.resolve("containerd.sock");
    }

    String host() {
        return "cri://" + socket();
    }

    private void awaitSocket() throws IOException {
        // The packages are fetched at the first start.
        for (int i = 0; i < 1200 && process.isAlive(); i++) {
            if (Files.exists(socket())) {
                return;
            }
            RunningAgent.pause(java.time.Duration.ofMillis(50));
        }
        throw new AssertionError(
                "containerd did not start: " + Files.readString(directory.resolve("start.log")));
    }

    private void importImages() {
        succeed(
                List.of(
                        "sh",
                        "-c",
                        IMAGES_SCRIPT,
                        "sh",
                        directory.toString(),
                        IMAGE,
                        IMAGE_WITH_VOLUME));
        in(
                "ctr",
                "-a",
                socket().toString(),
                "-n",
                "k8s.io",
                "images",
                "import",
                directory + "/images.tar");
    }

    /// Of the runtime.
    String pid() {
        try {
            return Files.readString(directory.resolve("pid")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command in the mounts of the runtime.
    String in(String... command) {
        return succeed(
                Stream.concat(Stream.of("nsenter", "-t", pid(), "-m", "--"), Stream.of(command))
                        .toList());
    }

    private static String succeed(List<String> command) {
        Lab.Run run = Lab.run(Map.of(), command);
        if (run.code() != 0) {
            throw new AssertionError(command + ": " + run.output());
        }
        return run.out();
    }

    /// Starts a pod.
    ///
    /// @param labels of its manifest
    LabPod pod(String name, Map<String, String> labels) {
        return pod(name, labels, new ProtoBuilder().number(1, NODE).number(2, 1));
    }

    /// @param namespaces a `NamespaceOption`
    LabPod pod(String name, Map<String, String> labels, ProtoBuilder namespaces) {
        LabPod pod =
                new LabPod(
                        calls,
                        directory,
                        name,
                        "11111111-2222-3333-4444-%012d".formatted(pods.incrementAndGet()),
                        labels,
                        namespaces);
        sandboxes.add(pod.sandbox());
        return pod;
    }

    @Override
    public void close() {
        try {
            for (String sandbox : sandboxes) {
                retry(() -> calls.call("StopPodSandbox", new ProtoBuilder().text(1, sandbox)));
                retry(() -> calls.call("RemovePodSandbox", new ProtoBuilder().text(1, sandbox)));
            }
        } finally {
            calls.close();
            end();
        }
    }

    /// The runtime fails to stop a container that ends at that moment. The kubelet tries again,
    /// too.
    private static void retry(Runnable call) {
        for (int attempts = 1; ; attempts++) {
            try {
                call.run();
                return;
            } catch (StatusRuntimeException e) {
                if (attempts == 5) {
                    throw e;
                }
                RunningAgent.pause(Duration.ofMillis(500));
            }
        }
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Lab.run(Map.of(), List.of("sh", "-c", CLEANUP_SCRIPT, "sh", directory.toString()));
    }
}
