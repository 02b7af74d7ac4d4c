package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import io.github.writeprobe.text.AsciiJsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One task definition.
///
/// Data that must be kept get a Docker volume of the instance, which Fargate refuses: the
/// alternative there, a volume without configuration, would lose them when the task ends.
final class EcsTaskDefinitionWriter {
    /// What ECS Exec's agent writes to; see <a
    /// href="https://github.com/aws/containers-roadmap/issues/1359">containers-roadmap#1359</a>.
    private static final List<String> EXEC_PATHS =
            List.of("/managed-agents", "/var/lib/amazon/ssm", "/var/log/amazon/ssm");

    private static final long MEBIBYTE = 1L << 20;

    private sealed interface TaskVolume {
        String name();

        /// Ends with the task.
        record OfTask(String name) implements TaskVolume {}

        record OfDocker(String name) implements TaskVolume {}

        record OfHost(String name, String path) implements TaskVolume {}
    }

    private record MountPoint(String volume, String path, boolean readOnly) {}

    private record TaskTmpfs(String path, long mebibytes, List<String> options) {}

    private record TaskContainer(
            String name,
            String image,
            List<Setting> settings,
            List<MountPoint> mountPoints,
            List<TaskTmpfs> tmpfs,
            List<String> preparation,
            Optional<String> dependsOn) {}

    private final String family;
    private final List<TaskContainer> containers = new ArrayList<>();
    private final List<TaskVolume> volumes = new ArrayList<>();
    private final UniqueNames names = new UniqueNames();
    private final List<String> omissions = new ArrayList<>();

    EcsTaskDefinitionWriter(String family, List<ServiceProposalItems> services) {
        this.family = family;
        services.forEach(this::addContainer);
    }

    /// What the document does not contain; each a sentence.
    List<String> omissions() {
        return List.copyOf(omissions);
    }

    private void addContainer(ServiceProposalItems service) {
        boolean inEcs = !service.container().workload().ecsContainer().isEmpty();
        List<MountPoint> mountPoints = new ArrayList<>();
        List<MountPoint> unprepared = new ArrayList<>();
        List<TaskTmpfs> tmpfs = new ArrayList<>();
        List<Volume> toPrepare = new ArrayList<>();
        for (Tmpfs proposed : service.provisionsOf(Tmpfs.class)) {
            if (isExpressible("a tmpfs", proposed.path())) {
                tmpfs.add(tmpfs(proposed));
            }
        }
        for (Volume proposed : service.provisionsOf(Volume.class)) {
            if (isExpressible("a volume", proposed.path())) {
                String name = newName(service.name() + "-" + proposed.name());
                volumes.add(new TaskVolume.OfDocker(name));
                mountPoints.add(new MountPoint(name, proposed.path(), false));
                if (proposed.needsChown()) {
                    toPrepare.add(proposed);
                    unprepared.add(new MountPoint(name, "/volume-" + toPrepare.size(), false));
                }
            }
        }
        if (!inEcs) {
            for (Kept kept : service.provisionsOf(Kept.class)) {
                addKept(kept.mount(), mountPoints, tmpfs);
            }
        }
        addExecPaths(service, mountPoints);
        Optional<String> preparation =
                toPrepare.isEmpty()
                        ? Optional.empty()
                        : Optional.of(EcsTaskDefinitionFormat.name(service.name() + "-volumes"));
        String image = service.container().image();
        containers.add(
                new TaskContainer(
                        service.name(),
                        image,
                        service.provisionsOf(Setting.class),
                        mountPoints,
                        tmpfs,
                        List.of(),
                        preparation));
        preparation.ifPresent(name ->
                containers.add(
                        new TaskContainer(
                                name,
                                image,
                                List.of(),
                                unprepared,
                                List.of(),
                                preparationCommand(toPrepare),
                                Optional.empty())));
    }

    private static List<String> preparationCommand(List<Volume> toPrepare) {
        if (toPrepare.size() == 1) {
            return VolumeChownCommand.command(toPrepare.getFirst(), "/volume-1");
        }
        List<String> commands = new ArrayList<>();
        for (Volume volume : toPrepare) {
            commands.add(
                    VolumeChownCommand.shellCommand(volume, "/volume-" + (commands.size() + 1)));
        }
        return List.of("sh", "-c", String.join(" && ", commands));
    }

    private void addExecPaths(ServiceProposalItems service, List<MountPoint> mountPoints) {
        List<String> mounted =
                Stream.concat(
                                service.container().mounts().stream()
                                        .map(DeclaredMount::destination),
                                mountPoints.stream().map(MountPoint::path))
                        .toList();
        for (String path : EXEC_PATHS) {
            if (!mounted.contains(path)) {
                String name = newName(service.name() + path);
                volumes.add(new TaskVolume.OfTask(name));
                mountPoints.add(new MountPoint(name, path, false));
            }
        }
    }

    private void addKept(DeclaredMount mount, List<MountPoint> mountPoints, List<TaskTmpfs> tmpfs) {
        Optional<String> reason =
                DeclaredMountWording.misunderstood(mount).or(() -> unsupported(mount));
        if (reason.isPresent()) {
            omit("the mount", mount.destination(), reason.get());
            return;
        }
        if (!isExpressible("the mount", mount.destination() + mount.source() + mount.options())) {
            return;
        }
        switch (mount.kind()) {
            case BIND -> {
                String name = newName(mount.destination());
                volumes.add(new TaskVolume.OfHost(name, mount.source()));
                mountPoints.add(new MountPoint(name, mount.destination(), !mount.writable()));
            }
            case VOLUME -> {
                TaskVolume same = new TaskVolume.OfDocker(mount.source());
                if (!volumes.contains(same)) {
                    if (!names.assign(mount.source()).equals(mount.source())) {
                        omit("the mount", mount.destination(), "another volume has its name");
                        return;
                    }
                    volumes.add(same);
                }
                mountPoints.add(
                        new MountPoint(mount.source(), mount.destination(), !mount.writable()));
            }
            case TMPFS ->
                    tmpfs.add(
                            new TaskTmpfs(
                                    mount.destination(),
                                    mebibytes(TmpfsOptions.bytes(mount.options()).orElseThrow()),
                                    Stream.of(mount.options().split(",", -1))
                                            .filter(option -> !option.startsWith("size="))
                                            .filter(option -> !option.isEmpty())
                                            .toList()));
            case ROOTFS, ENGINE, UNDECLARED -> {}
        }
    }

    /// What a task definition cannot say of a mount.
    private static Optional<String> unsupported(DeclaredMount mount) {
        String lost =
                DeclaredMountWording.describe(mount).equals(plain(mount))
                        ? ""
                        : DeclaredMountWording.describe(mount);
        return switch (mount.kind()) {
            case TMPFS ->
                    TmpfsOptions.bytes(mount.options()).isPresent()
                            ? Optional.empty()
                            : Optional.of("ECS requires a size, and the container's has none");
            case VOLUME ->
                    !EcsTaskDefinitionFormat.name(mount.source()).equals(mount.source())
                            ? Optional.of("ECS does not allow the name of the volume")
                            : lost(lost);
            case BIND, ROOTFS, ENGINE, UNDECLARED -> lost(lost);
        };
    }

    private static Optional<String> lost(String lost) {
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of("ECS cannot express all of: " + lost);
    }

    private static String plain(DeclaredMount mount) {
        return DeclaredMountWording.describe(
                new DeclaredMount(
                        mount.destination(),
                        mount.kind(),
                        mount.source(),
                        mount.writable(),
                        "",
                        ""));
    }

    private static TaskTmpfs tmpfs(Tmpfs tmpfs) {
        return new TaskTmpfs(
                tmpfs.path(),
                mebibytes(tmpfs.bytes()),
                List.of(
                        "mode=" + Integer.toOctalString(tmpfs.mode()),
                        "uid=" + tmpfs.uid(),
                        "gid=" + tmpfs.gid(),
                        tmpfs.execute() ? "exec" : "noexec"));
    }

    private static long mebibytes(long bytes) {
        return Math.max(1, (bytes + MEBIBYTE - 1) / MEBIBYTE);
    }

    private boolean isExpressible(String what, String path) {
        boolean expressible =
                ShellText.isPrintable(path)
                        && !OmissionComment.isGarbled(path)
                        && path.indexOf(':') < 0;
        if (!expressible) {
            omit(what, path, "ECS cannot express its name");
        }
        return expressible;
    }

    private void omit(String what, String path, String reason) {
        omissions.add("NOT INCLUDED: %s on %s, because %s".formatted(what, path, reason));
    }

    private String newName(String wanted) {
        return names.assign(EcsTaskDefinitionFormat.name(wanted));
    }

    void write(Writer out) throws IOException {
        AsciiJsonWriter.write(
                out,
                json -> {
                    json.text("family", family);
                    json.objects("containerDefinitions", containers, c -> write(c, json));
                    json.objects("volumes", volumes, volume -> write(volume, json));
                });
    }

    private static void write(TaskContainer container, AsciiJsonWriter json) throws IOException {
        json.text("name", container.name());
        json.text("image", container.image());
        json.bool("readonlyRootFilesystem", true);
        if (!container.preparation().isEmpty()) {
            json.bool("essential", false);
            json.text("user", "0:0");
            json.texts("entryPoint", container.preparation());
        }
        if (container.dependsOn().isPresent()) {
            json.objects(
                    "dependsOn",
                    List.of(container.dependsOn().get()),
                    name -> {
                        json.text("containerName", name);
                        json.text("condition", "SUCCESS");
                    });
        }
        json.objects(
                "environment",
                container.settings(),
                setting -> {
                    json.text("name", setting.variable());
                    json.text("value", setting.value());
                });
        json.objects(
                "mountPoints",
                container.mountPoints(),
                mount -> {
                    json.text("sourceVolume", mount.volume());
                    json.text("containerPath", mount.path());
                    json.bool("readOnly", mount.readOnly());
                });
        if (!container.tmpfs().isEmpty()) {
            json.object(
                    "linuxParameters",
                    parameters ->
                            parameters.objects(
                                    "tmpfs", container.tmpfs(), tmpfs -> write(tmpfs, json)));
        }
    }

    private static void write(TaskTmpfs tmpfs, AsciiJsonWriter json) throws IOException {
        json.text("containerPath", tmpfs.path());
        json.number("size", tmpfs.mebibytes());
        json.texts("mountOptions", tmpfs.options());
    }

    private static void write(TaskVolume volume, AsciiJsonWriter json) throws IOException {
        json.text("name", volume.name());
        switch (volume) {
            case TaskVolume.OfTask _ -> {}
            case TaskVolume.OfDocker _ ->
                    json.object(
                            "dockerVolumeConfiguration",
                            configuration -> {
                                configuration.text("scope", "shared");
                                configuration.bool("autoprovision", true);
                                configuration.text("driver", "local");
                            });
            case TaskVolume.OfHost host ->
                    json.object("host", object -> object.text("sourcePath", host.path()));
        }
    }
}
