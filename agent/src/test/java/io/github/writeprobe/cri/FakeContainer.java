package io.github.writeprobe.cri;

import io.github.writeprobe.cri.transport.ProtoBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/// A running container of a [FakeRuntime], in the pod `web` of the namespace `shop`.
///
/// @param info the text of `info["info"]`
/// @param image as in its `ImageSpec`
/// @param podLabels of the sandbox
/// @param labels of the container
/// @param mounts those of its `ContainerStatusReader`: destination and source
/// @param run of its process
record FakeContainer(
        String id,
        String name,
        String image,
        String info,
        Map<String, String> podLabels,
        Map<String, String> labels,
        Map<String, String> mounts,
        Run run) {
    /// The life of a process.
    ///
    /// @param attempt how often it was restarted before
    /// @param exitCode empty while it runs
    /// @param ran how long, until it ended
    /// @param state a `ContainerState`
    record Run(int attempt, OptionalInt exitCode, Duration ran, int state) {
        static final Run FIRST = new Run(0, OptionalInt.empty(), Duration.ZERO);

        /// As after a restart of the runtime that lost track of the container.
        static final Run UNKNOWN = new Run(0, OptionalInt.empty(), Duration.ZERO, 3);

        Run(int attempt, OptionalInt exitCode, Duration ran) {
            this(attempt, exitCode, ran, exitCode.isEmpty() ? 1 : 2);
        }

        static Run ended(int attempt, int exitCode) {
            return new Run(attempt, OptionalInt.of(exitCode), Duration.ofSeconds(2));
        }
    }

    static final String SANDBOX = "5".repeat(64);
    static final String UID = "11111111-2222-3333-4444-555555555555";

    /// Of containerd, shortened.
    static final String INFO =
            """
            {"sandboxID":"SANDBOX","pid":4711,"runtimeType":"io.containerd.runc.v2",
             "config":{"linux":{"security_context":{}}},
             "runtimeSpec":{
               "root":{"path":"rootfs","readonly":true},
               "process":{"user":{"uid":1000,"gid":1000},
                 "capabilities":{"bounding":["CAP_CHOWN","CAP_KILL"],"effective":["CAP_CHOWN"]}},
               "mounts":[
                 {"destination":"/proc","type":"proc","source":"proc","options":["nosuid"]},
                 {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid"]},
                 {"destination":"/etc/hosts","type":"bind","source":"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/SANDBOX/hosts","options":["rbind","ro"]}],
               "linux":{"readonlyPaths":["/proc/sys"],"seccomp":{},
                 "namespaces":[{"type":"pid"},{"type":"mount"}]}}}
            """
                    .replace("SANDBOX", SANDBOX);

    static FakeContainer of(int number) {
        return new FakeContainer(
                Integer.toHexString(number).repeat(64).substring(0, 64),
                "c" + number,
                "docker.io/library/web:1",
                INFO,
                Map.of("app", "web"),
                Map.of(),
                Map.of(),
                Run.FIRST);
    }

    FakeContainer withRun(Run other) {
        return new FakeContainer(id, name, image, info, podLabels, labels, mounts, other);
    }

    /// Another container of the same name, as the kubelet makes for a restart.
    FakeContainer as(String otherName) {
        return new FakeContainer(id, otherName, image, info, podLabels, labels, mounts, run);
    }

    FakeContainer withInfo(String other) {
        return new FakeContainer(id, name, image, other, podLabels, labels, mounts, run);
    }

    FakeContainer withImage(String other) {
        return new FakeContainer(id, name, other, info, podLabels, labels, mounts, run);
    }

    FakeContainer withLabels(Map<String, String> ofPod, Map<String, String> own) {
        return new FakeContainer(id, name, image, info, ofPod, own, mounts, run);
    }

    FakeContainer withMount(String destination, String source) {
        return new FakeContainer(
                id, name, image, info, podLabels, labels, Map.of(destination, source), run);
    }

    private ProtoBuilder metadata() {
        return new ProtoBuilder().text(1, name).number(2, run.attempt());
    }

    ProtoBuilder listed() {
        return new ProtoBuilder()
                .text(1, id)
                .text(2, SANDBOX)
                .message(3, metadata())
                .message(4, new ProtoBuilder().text(1, image))
                .number(6, run.state())
                .map(8, labels);
    }

    ProtoBuilder pod() {
        return new ProtoBuilder()
                .text(1, SANDBOX)
                .message(2, new ProtoBuilder().text(1, "web").text(2, UID).text(3, "shop"))
                .map(5, podLabels);
    }

    ProtoBuilder status() {
        ProtoBuilder status =
                new ProtoBuilder()
                        .text(1, id)
                        .message(2, metadata())
                        .number(3, run.state())
                        .number(5, 1_000)
                        .number(6, 1_000 + run.ran().toNanos())
                        .number(7, run.exitCode().orElse(0))
                        .message(8, new ProtoBuilder().text(1, image))
                        .map(12, labels);
        mounts.forEach((destination, source) ->
                status.message(14, new ProtoBuilder().text(1, destination).text(2, source)));
        return new ProtoBuilder().message(1, status).map(2, Map.of("info", info));
    }
}
