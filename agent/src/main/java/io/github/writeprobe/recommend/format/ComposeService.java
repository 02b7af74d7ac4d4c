package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.propose.Provision.Kept;
import io.github.writeprobe.recommend.propose.Provision.Setting;
import io.github.writeprobe.recommend.propose.Provision.Tmpfs;
import io.github.writeprobe.recommend.propose.Provision.Volume;

/// One service of a Compose file.
final class ComposeService {
    private static final String INDENT = "    ";

    private final ServiceProvisions stanza;
    private final ComposeVolumes composeVolumes;
    private final YamlEntries tmpfs = new YamlEntries("tmpfs", INDENT);
    private final YamlEntries volumes = new YamlEntries("volumes", INDENT);
    private final YamlEntries environment = new YamlEntries("environment", INDENT);

    /// @param composeVolumes collects the volumes that this service needs
    ComposeService(ServiceProvisions stanza, ComposeVolumes composeVolumes) {
        this.stanza = stanza;
        this.composeVolumes = composeVolumes;
    }

    String text() {
        stanza.provisionsOf(Kept.class).forEach(this::addKept);
        stanza.provisionsOf(Tmpfs.class).forEach(this::addTmpfs);
        stanza.provisionsOf(Volume.class).forEach(this::addVolume);
        stanza.provisionsOf(Setting.class).forEach(this::addSetting);
        return "  "
                + YamlText.of(stanza.name())
                + ":\n"
                + header()
                + INDENT
                + "read_only: true\n"
                + tmpfs.text()
                + volumes.text()
                + environment.text();
    }

    private String header() {
        String project = stanza.container().workload().composeProject();
        if (stanza.existing()) {
            return project.isEmpty() ? "" : CommentText.of(INDENT, "project: ", project);
        }
        return CommentText.of(
                        INDENT,
                        "",
                        "Compose did not create this container: add its ports, networks and"
                                + " environment yourself")
                + image(stanza.container().image());
    }

    private static String image(String image) {
        return ShellText.isPrintable(image)
                ? INDENT + "image: " + scalar(image) + "\n"
                : CommentText.of(
                        INDENT,
                        "NOT INCLUDED: ",
                        "the image, because its name is not valid: " + image);
    }

    private void addTmpfs(Tmpfs proposed) {
        tmpfs.addComment(CommentText.of(tmpfs.entryIndent(), proposed.evidence()));
        if (InexpressiblePath.isGarbled(proposed.path())) {
            addInexpressible(tmpfs, "a tmpfs", proposed.path(), InexpressiblePath.GARBLED);
        } else if (!TmpfsOptions.canExpress(proposed.path())) {
            addInexpressible(
                    tmpfs, "a tmpfs", proposed.path(), "Compose ends a path at its first colon");
        } else {
            tmpfs.addLine("- " + line(TmpfsOptions.of(proposed)));
        }
    }

    private void addVolume(Volume proposed) {
        volumes.addComment(CommentText.of(volumes.entryIndent(), proposed.evidence()));
        if (!proposed.certain()) {
            volumes.addComment(
                    CommentText.of(
                            volumes.entryIndent(), "", "check whether this has to be a volume"));
        }
        if (proposed.needsChown() && ShellText.isPrintable(proposed.path())) {
            volumes.addComment(
                    CommentText.of(
                            volumes.entryIndent(), "run once first: ", chownCommand(proposed)));
        }
        if (InexpressiblePath.isGarbled(proposed.path())) {
            addInexpressible(volumes, "a volume", proposed.path(), InexpressiblePath.GARBLED);
        } else {
            String name = composeVolumes.add(stanza.name() + "-" + proposed.name());
            volumes.addLine("- " + mount("volume", name, proposed.path(), true));
        }
    }

    /// A new volume belongs to root if the image does not have the directory.
    private String chownCommand(Volume volume) {
        return "docker compose -f YOUR-FILE -f THIS-FILE run --rm --no-deps --user 0 --entrypoint"
                + " chown "
                + ShellText.of(stanza.name())
                + " "
                + volume.uid()
                + ":"
                + volume.gid()
                + " "
                + ShellText.of(volume.path());
    }

    /// An existing Compose service already has the mount. A new service has to declare it.
    private void addKept(Kept kept) {
        DeclaredMount mount = kept.mount();
        YamlEntries entries = mount.kind() == MountKind.TMPFS ? tmpfs : volumes;
        entries.addComment(
                CommentText.of(entries.entryIndent(), "kept: ", MountNames.describe(mount))
                        + CommentText.of(entries.entryIndent(), "  ", kept.evidence()));
        if (stanza.existing()) {
            return;
        }
        if (InexpressiblePath.isGarbled(mount.destination() + mount.source() + mount.options())) {
            addInexpressible(entries, "the mount", mount.destination(), InexpressiblePath.GARBLED);
            return;
        }
        switch (mount.kind()) {
            case BIND ->
                    entries.addLine(
                            "- "
                                    + mount(
                                            "bind",
                                            mount.source(),
                                            mount.destination(),
                                            mount.writable()));
            case VOLUME ->
                    entries.addLine(
                            "- "
                                    + mount(
                                            "volume",
                                            composeVolumes.addExternal(mount.source()),
                                            mount.destination(),
                                            mount.writable()));
            case TMPFS -> {
                if (TmpfsOptions.canExpress(mount.destination())) {
                    String options = mount.options().isEmpty() ? "" : ":" + mount.options();
                    entries.addLine("- " + line(mount.destination() + options));
                } else {
                    addInexpressible(
                            entries,
                            "the mount",
                            mount.destination(),
                            "Compose ends a path at its first colon");
                }
            }
            case ROOTFS, ENGINE, UNDECLARED -> {}
        }
    }

    private void addSetting(Setting setting) {
        environment.addComment(CommentText.of(environment.entryIndent(), setting.evidence()));
        if (!setting.cost().isEmpty()) {
            environment.addComment(
                    CommentText.of(environment.entryIndent(), "cost: ", setting.cost()));
        }
        environment.addLine(
                YamlText.of(setting.variable())
                        + ": "
                        + YamlText.quote(escapeDollars(setting.value())));
    }

    private static void addInexpressible(
            YamlEntries entries, String what, String path, String reason) {
        entries.addComment(InexpressiblePath.comment(entries.entryIndent(), what, path, reason));
    }

    /// The short syntax where it is possible: all versions of Compose read it.
    private static String mount(String type, String source, String target, boolean writable) {
        boolean simple =
                (source + target).indexOf(':') < 0 && ShellText.isPrintable(source + target);
        return simple
                ? line(source + ":" + target + (writable ? "" : ":ro"))
                : "{type: "
                        + type
                        + ", source: "
                        + scalar(source)
                        + ", target: "
                        + scalar(target)
                        + (writable ? "" : ", read_only: true")
                        + "}";
    }

    static String scalar(String text) {
        return YamlText.of(escapeDollars(text));
    }

    private static String line(String text) {
        return YamlText.line(escapeDollars(text));
    }

    /// Compose reads a dollar sign as the beginning of a variable.
    private static String escapeDollars(String text) {
        return text.replace("$", "$$");
    }
}
