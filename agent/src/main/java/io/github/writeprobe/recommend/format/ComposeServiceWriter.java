package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredIsolation;
import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.Optional;

/// One service of a Compose file.
final class ComposeServiceWriter {
    private static final String INDENT = "    ";

    private final ServiceProposalItems stanza;
    private final ComposeTopLevelVolumes composeVolumes;
    private final ComposeChownServiceWriter preparation;
    private final YamlSectionWriter devices = new YamlSectionWriter("devices", INDENT);
    private final YamlSectionWriter tmpfs = new YamlSectionWriter("tmpfs", INDENT);
    private final YamlSectionWriter volumes = new YamlSectionWriter("volumes", INDENT);
    private final YamlSectionWriter environment = new YamlSectionWriter("environment", INDENT);

    /// @param composeVolumes collects the volumes that this service needs
    ComposeServiceWriter(ServiceProposalItems stanza, ComposeTopLevelVolumes composeVolumes) {
        this.stanza = stanza;
        this.preparation = new ComposeChownServiceWriter(stanza);
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
                ? INDENT + "image: " + ComposeEscaper.scalar(image) + "\n"
                : CommentText.of(
                        INDENT,
                        "NOT INCLUDED: ",
                        "the image, because its name is not valid: " + image);
    }

    private void addTmpfs(Tmpfs proposed) {
        tmpfs.addComment(CommentText.of(tmpfs.entryIndent(), proposed.evidence()));
        if (OmissionComment.isGarbled(proposed.path())) {
            addInexpressible(tmpfs, "a tmpfs", proposed.path(), OmissionComment.GARBLED);
        } else if (!TmpfsOptions.canExpress(proposed.path())) {
            addInexpressible(
                    tmpfs, "a tmpfs", proposed.path(), "Compose ends a path at its first colon");
        } else {
            tmpfs.addLine("- " + ComposeEscaper.line(TmpfsOptions.of(proposed)));
        }
    }

    private void addVolume(Volume proposed) {
        volumes.addComment(CommentText.of(volumes.entryIndent(), proposed.evidence()));
        if (!proposed.certain()) {
            volumes.addComment(
                    CommentText.of(
                            volumes.entryIndent(), "", "check whether this has to be a volume"));
        }
        if (OmissionComment.isGarbled(proposed.path())) {
            addInexpressible(volumes, "a volume", proposed.path(), OmissionComment.GARBLED);
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
        YamlSectionWriter entries = mount.kind() == MountKind.TMPFS ? tmpfs : volumes;
        entries.addComment(
                CommentText.of(
                                entries.entryIndent(),
                                "kept: ",
                                DeclaredMountWording.describe(mount))
                        + CommentText.of(entries.entryIndent(), "  ", kept.evidence()));
        if (stanza.existing()) {
            return;
        }
        if (OmissionComment.isGarbled(mount.destination() + mount.source() + mount.options())) {
            addInexpressible(entries, "the mount", mount.destination(), OmissionComment.GARBLED);
            return;
        }
        Optional<String> reason =
                DeclaredMountWording.misunderstood(mount)
                        .or(() -> ComposeMount.inexpressible(mount));
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
                    entries.addLine("- " + ComposeEscaper.line(mount.destination() + options));
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

    private void addDevice(DeclaredIsolation.Device device) {
        String text =
                device.pathOnHost() + ":" + device.pathInContainer() + ":" + device.permissions();
        if (text.chars().filter(c -> c == ':').count() == 2 && ShellText.isPrintable(text)) {
            devices.addLine("- " + ComposeEscaper.scalar(text));
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
                    OmissionComment.setting(environment.entryIndent(), setting.variable()));
            return;
        }
        environment.addLine(
                YamlText.of(setting.variable())
                        + ": "
                        + YamlText.quote(ComposeEscaper.escapeDollars(setting.value())));
    }

    private static void addInexpressible(
            YamlSectionWriter entries, String what, String path, String reason) {
        entries.addComment(OmissionComment.comment(entries.entryIndent(), what, path, reason));
    }
}
