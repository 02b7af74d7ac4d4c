package io.github.writeprobe.it;

import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A pod on a [PrivateContainerd], made as the kubelet makes it.
///
/// @see <a
///   href="https://github.com/kubernetes/cri-api/blob/v0.34.1/pkg/apis/runtime/v1/api.proto">api.proto</a>
final class LabPod {
    static final String NAMESPACE = "shop";

    private static final int TARGET = 3;
    private static final int EXITED = 2;

    private static final List<String> MASKED =
            List.of(
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/timer_list",
                    "/proc/scsi",
                    "/sys/firmware");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final CriCalls calls;
    private final Path kubelet;
    private final String name;
    private final String uid;
    private final ProtoBuilder config;
    private final ProtoBuilder namespaces;
    private final String sandbox;

    LabPod(
            CriCalls calls,
            Path directory,
            String name,
            String uid,
            Map<String, String> labels,
            ProtoBuilder namespaces) {
        this.calls = calls;
        this.kubelet = directory.resolve("kubelet/pods").resolve(uid);
        this.name = name;
        this.uid = uid;
        this.namespaces = namespaces;
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.putAll(ownLabels());
        this.config =
                new ProtoBuilder()
                        .message(
                                1, new ProtoBuilder().text(1, name).text(2, uid).text(3, NAMESPACE))
                        .text(3, directory.resolve("logs").resolve(name).toString())
                        .map(6, all)
                        .message(
                                8,
                                new ProtoBuilder()
                                        .text(1, "/" + directory.getFileName())
                                        .message(
                                                2,
                                                new ProtoBuilder()
                                                        .message(1, namespaces)
                                                        // Without, no container in it can be.
                                                        .flag(6, true)));
        this.sandbox = calls.call("RunPodSandbox", new ProtoBuilder().message(1, config)).text(1);
    }

    private Map<String, String> ownLabels() {
        return Map.of(
                "io.kubernetes.pod.name",
                name,
                "io.kubernetes.pod.namespace",
                NAMESPACE,
                "io.kubernetes.pod.uid",
                uid);
    }

    String sandbox() {
        return sandbox;
    }

    /// The name that writeprobe shows.
    String nameOf(String container) {
        return NAMESPACE + "/" + name + "/" + container;
    }

    /// A directory of the pod: `volumes/kubernetes.io~empty-dir/NAME`.
    Path volume(String plugin, String volume) {
        try {
            Path path =
                    Files.createDirectories(
                            kubelet.resolve("volumes/kubernetes.io~" + plugin).resolve(volume));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A container to be started.
    Draft container(String container) {
        return new Draft(container);
    }

    void stop(String id) {
        calls.call("StopContainer", new ProtoBuilder().text(1, id));
    }

    /// Waits until a container has ended by itself.
    void awaitEnd(String id) {
        try {
            ProtoBuilder request = new ProtoBuilder().text(1, id);
            while (calls.call("ContainerStatus", request).message(1).number(3) != EXITED) {
                RunningAgent.pause(Duration.ofMillis(20));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid(String id) {
        try {
            ParsedProtoMessage status =
                    calls.call("ContainerStatus", new ProtoBuilder().text(1, id).flag(2, true));
            String info = status.map(2).getOrDefault("info", "");
            return Long.parseLong(info.replaceAll("(?s).*?\"pid\":(\\d+).*", "$1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final class Draft {
        private final String container;
        private final ProtoBuilder spec = new ProtoBuilder();
        private final ProtoBuilder security = new ProtoBuilder().message(3, namespaces);
        private String image = PrivateContainerd.IMAGE;
        private List<String> command = List.of("sleep", "infinity");
        private boolean privileged;

        private int attempt;

        private Draft(String container) {
            this.container = container;
        }

        Draft readOnly() {
            security.flag(7, true);
            return this;
        }

        Draft privileged() {
            privileged = true;
            security.flag(2, true);
            return this;
        }

        /// How often it was restarted before.
        Draft attempt(int number) {
            attempt = number;
            return this;
        }

        Draft user(long uid) {
            security.message(5, new ProtoBuilder().number(1, uid));
            return this;
        }

        /// No other capabilities, no new privileges, and the runtime's own seccomp profile.
        Draft restrictedTo(String... capabilities) {
            security.message(
                            1,
                            new ProtoBuilder()
                                    .texts(1, List.of(capabilities))
                                    .texts(2, List.of("ALL")))
                    .flag(11, true)
                    .message(15, new ProtoBuilder());
            return this;
        }

        Draft environment(String key, String value) {
            spec.message(6, new ProtoBuilder().text(1, key).text(2, value));
            return this;
        }

        Draft addCapability(String capability) {
            security.message(1, new ProtoBuilder().text(1, capability));
            return this;
        }

        Draft image(String other) {
            image = other;
            return this;
        }

        Draft command(String... other) {
            command = List.of(other);
            return this;
        }

        /// An ephemeral container, which lives in the PID namespace of another one.
        ///
        /// @param id of that container
        Draft target(String id) {
            security.message(3, new ProtoBuilder().number(2, TARGET).text(4, id));
            return this;
        }

        Draft recursivelyReadOnly(String path, Path source) {
            spec.message(
                    7,
                    new ProtoBuilder()
                            .text(1, path)
                            .text(2, source.toString())
                            .flag(3, true)
                            .flag(8, true));
            return this;
        }

        Draft mount(String path, Path source, boolean readOnly) {
            spec.message(
                    7,
                    new ProtoBuilder().text(1, path).text(2, source.toString()).flag(3, readOnly));
            return this;
        }

        /// What the kubelet binds into every container.
        Draft kubeletFiles() {
            try {
                Path hosts = kubelet.resolve("etc-hosts");
                Files.createDirectories(kubelet);
                Files.writeString(hosts, "127.0.0.1 localhost\n");
                Path log = kubelet.resolve("containers").resolve(container).resolve("0a1b2c3d");
                Files.createDirectories(log.getParent());
                Files.writeString(log, "");
                Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
                return mount("/etc/hosts", hosts, false).mount("/dev/termination-log", log, false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /// @return the id of the container, which runs
        String start() {
            if (!privileged) {
                security.texts(13, MASKED).texts(14, READ_ONLY);
            }
            Map<String, String> labels = new LinkedHashMap<>(ownLabels());
            labels.put("io.kubernetes.container.name", container);
            spec.message(1, new ProtoBuilder().text(1, container).number(2, attempt))
                    .message(2, new ProtoBuilder().text(1, image))
                    .texts(3, command)
                    .map(9, labels)
                    .text(11, container + "-" + attempt + ".log")
                    .message(15, new ProtoBuilder().message(2, security));
            String id =
                    calls.call(
                                    "CreateContainer",
                                    new ProtoBuilder()
                                            .text(1, sandbox)
                                            .message(2, spec)
                                            .message(3, config))
                            .text(1);
            calls.call("StartContainer", new ProtoBuilder().text(1, id));
            return id;
        }
    }
}
