package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.Isolation;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.propose.Provision.Kept;
import io.github.writeprobe.recommend.propose.Provision.Setting;
import io.github.writeprobe.recommend.propose.Provision.Tmpfs;
import io.github.writeprobe.recommend.propose.Provision.Volume;
import java.util.Optional;

/// One service of a Compose file.
final class ComposeService {
    private static final String INDENT = "    ";

    private final ServiceProvisions stanza;
    private final ComposeVolumes composeVolumes;
    private final ComposePreparation preparation;
    private final YamlEntries devices = new YamlEntries("devices", INDENT);
    private final YamlEntries tmpfs = new YamlEntries("tmpfs", INDENT);
    private final YamlEntries volumes = new YamlEntries("volumes", INDENT);
    private final YamlEntries environment = new YamlEntries("environment", INDENT);

    /// @param composeVolumes collects the volumes that this service needs
    ComposeService(ServiceProvisions stanza, ComposeVolumes composeVolumes) {
        this.stanza = stanza;
        this.preparation = new ComposePreparation(stanza);
        this.composeVolumes = composeVolumes;
    }

    String text() {
        stanza.provisionsOf(Kept.class).forEach(this::addKept);
        stanza.provisionsOf(Tmpfs.class).forEach(this::addTmpfs);
        stanza.provisionsOf(Volume.class).forEach(this::addVolume);
        stanza.provisionsOf(Setting.class).forEach(this::addSetting);
        if (!stanza.existing()) {
            stanza.container().isolation().devices().forEach(this::addDevice);
        }
        return "  "
                + YamlText.of(stanza.name())
                + ":\n"
                + header()
                + INDENT
                + "read_only: true\n"
                + tmpfs.text()
                + volumes.text()
                + devices.text()
                + environment.text()
                + preparation.dependency(INDENT)
                + preparation.service();
    }

    private String header() {
        String project = stanza.container().workload().composeProject();
        if (stanza.existing()) {
            return project.isEmpty() ? "" : CommentText.of(INDENT, "project: ", project);
        }
        return CommentText.of(
                        INDENT,
                        "",
                        "Compose did not create this container: add its ports, networks,"
                                + " environment and command yourself")
                + image(stanza.container().image());
    }

    private static String image(String image) {
        return ShellText.isPrintable(image)
                ? INDENT + "image: " + ComposeText.scalar(image) + "\n"
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
            tmpfs.addLine("- " + ComposeText.line(TmpfsOptions.of(proposed)));
        }
    }

    private void addVolume(Volume proposed) {
        volumes.addComment(CommentText.of(volumes.entryIndent(), proposed.evidence()));
        if (!proposed.certain()) {
            volumes.addComment(
                    CommentText.of(
                            volumes.entryIndent(), "", "check whether this has to be a volume"));
        }
        if (InexpressiblePath.isGarbled(proposed.path())) {
            addInexpressible(volumes, "a volume", proposed.path(), InexpressiblePath.GARBLED);
        } else if (ComposeMount.inexpressible(proposed.path()).isPresent()) {
            addInexpressible(
                    volumes,
                    "a volume",
                    proposed.path(),
                    ComposeMount.inexpressible(proposed.path()).get());
        } else {
            String name = composeVolumes.add(stanza.name() + "-" + proposed.name());
            volumes.addLine("- " + ComposeMount.entry(name, proposed.path()));
            preparation.add(name, proposed);
        }
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
        Optional<String> reason =
                MountNames.misunderstood(mount).or(() -> ComposeMount.inexpressible(mount));
        if (reason.isPresent()) {
            addInexpressible(entries, "the mount", mount.destination(), reason.get());
            return;
        }
        switch (mount.kind()) {
            case BIND, VOLUME -> {
                boolean volume = mount.kind() == MountKind.VOLUME && !mount.details().image();
                String source =
                        volume ? composeVolumes.addExternal(mount.source()) : mount.source();
                ComposeMount.remarks(mount)
                        .forEach(remark ->
                                entries.addComment(
                                        CommentText.of(entries.entryIndent(), "", remark)));
                entries.addLine("- " + ComposeMount.entry(mount, source));
            }
            case TMPFS -> {
                if (TmpfsOptions.canExpress(mount.destination())) {
                    String options = mount.options().isEmpty() ? "" : ":" + mount.options();
                    entries.addLine("- " + ComposeText.line(mount.destination() + options));
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

    private void addDevice(Isolation.Device device) {
        String text =
                device.pathOnHost() + ":" + device.pathInContainer() + ":" + device.permissions();
        if (text.chars().filter(c -> c == ':').count() == 2 && ShellText.isPrintable(text)) {
            devices.addLine("- " + ComposeText.scalar(text));
        } else {
            addInexpressible(
                    devices,
                    "the device",
                    device.pathInContainer(),
                    "Compose cannot express its name");
        }
    }

    private void addSetting(Setting setting) {
        environment.addComment(CommentText.of(environment.entryIndent(), setting.evidence()));
        if (!setting.cost().isEmpty()) {
            environment.addComment(
                    CommentText.of(environment.entryIndent(), "cost: ", setting.cost()));
        }
        if (setting.value().indexOf('\0') >= 0) {
            environment.addComment(
                    InexpressiblePath.setting(environment.entryIndent(), setting.variable()));
            return;
        }
        environment.addLine(
                YamlText.of(setting.variable())
                        + ": "
                        + YamlText.quote(ComposeText.escapeDollars(setting.value())));
    }

    private static void addInexpressible(
            YamlEntries entries, String what, String path, String reason) {
        entries.addComment(InexpressiblePath.comment(entries.entryIndent(), what, path, reason));
    }
}
