package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Provision.Setting;
import io.github.writeprobe.recommend.Provision.Tmpfs;
import io.github.writeprobe.recommend.Provision.Volume;

/// One service of a Compose file.
final class ComposeService {
    private static final String INDENT = "    ";

    private final ServiceStanza stanza;
    private final ComposeVolumes declared;
    private final YamlEntries tmpfs = new YamlEntries("tmpfs", INDENT);
    private final YamlEntries volumes = new YamlEntries("volumes", INDENT);
    private final YamlEntries environment = new YamlEntries("environment", INDENT);

    /// @param declared where it declares its volumes
    ComposeService(ServiceStanza stanza, ComposeVolumes declared) {
        this.stanza = stanza;
        this.declared = declared;
    }

    String text() {
        stanza.all(Kept.class).forEach(this::kept);
        stanza.all(Tmpfs.class).forEach(this::tmpfs);
        stanza.all(Volume.class).forEach(this::volume);
        stanza.all(Setting.class).forEach(this::setting);
        return "  "
                + YamlText.of(stanza.name())
                + ":\n"
                + beginning()
                + INDENT
                + "read_only: true\n"
                + tmpfs.text()
                + volumes.text()
                + environment.text();
    }

    private String beginning() {
        String project = stanza.container().origin().composeProject();
        if (stanza.service()) {
            return project.isEmpty() ? "" : CommentText.of(INDENT, "project: ", project);
        }
        return CommentText.of(
                        INDENT,
                        "",
                        "Compose did not make this container: its ports, networks and environment"
                                + " are not here")
                + image(stanza.container().image());
    }

    private static String image(String image) {
        return ShellText.visible(image)
                ? INDENT + "image: " + scalar(image) + "\n"
                : CommentText.of(
                        INDENT, "NOT HERE: ", "the image, whose name cannot be right: " + image);
    }

    private void tmpfs(Tmpfs proposed) {
        tmpfs.comment(CommentText.of(tmpfs.within(), proposed.evidence()));
        if (InexpressiblePath.garbled(proposed.path())) {
            unsaid(tmpfs, "a tmpfs", proposed.path(), InexpressiblePath.GARBLED);
        } else if (!TmpfsOptions.canSay(proposed.path())) {
            unsaid(tmpfs, "a tmpfs", proposed.path(), "Compose would end the path at its colon");
        } else {
            tmpfs.line("- " + line(TmpfsOptions.of(proposed)));
        }
    }

    private void volume(Volume proposed) {
        volumes.comment(CommentText.of(volumes.within(), proposed.evidence()));
        if (!proposed.certain()) {
            volumes.comment(CommentText.of(volumes.within(), "", "not sure of this one"));
        }
        if (proposed.ofRoot() && ShellText.visible(proposed.path())) {
            volumes.comment(CommentText.of(volumes.within(), "first, once: ", owned(proposed)));
        }
        if (InexpressiblePath.garbled(proposed.path())) {
            unsaid(volumes, "a volume", proposed.path(), InexpressiblePath.GARBLED);
        } else {
            String name = declared.add(stanza.name() + "-" + proposed.name());
            volumes.line("- " + mount("volume", name, proposed.path(), true));
        }
    }

    /// A new volume is root's where the image has no such directory.
    private String owned(Volume volume) {
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

    /// A service of Compose's has it already; a new one begins with nothing.
    private void kept(Kept kept) {
        DeclaredMount mount = kept.mount();
        YamlEntries entries = mount.kind() == MountKind.TMPFS ? tmpfs : volumes;
        entries.comment(
                CommentText.of(entries.within(), "kept: ", MountNames.said(mount))
                        + CommentText.of(entries.within(), "  ", kept.evidence()));
        if (stanza.service()) {
            return;
        }
        if (InexpressiblePath.garbled(mount.destination() + mount.source() + mount.options())) {
            unsaid(entries, "the mount", mount.destination(), InexpressiblePath.GARBLED);
            return;
        }
        switch (mount.kind()) {
            case BIND ->
                    entries.line(
                            "- "
                                    + mount(
                                            "bind",
                                            mount.source(),
                                            mount.destination(),
                                            mount.writable()));
            case VOLUME ->
                    entries.line(
                            "- "
                                    + mount(
                                            "volume",
                                            declared.existing(mount.source()),
                                            mount.destination(),
                                            mount.writable()));
            case TMPFS -> {
                if (TmpfsOptions.canSay(mount.destination())) {
                    String options = mount.options().isEmpty() ? "" : ":" + mount.options();
                    entries.line("- " + line(mount.destination() + options));
                } else {
                    unsaid(
                            entries,
                            "the mount",
                            mount.destination(),
                            "Compose would end the path at its colon");
                }
            }
            case ROOTFS, ENGINE, UNDECLARED -> {}
        }
    }

    private void setting(Setting setting) {
        environment.comment(CommentText.of(environment.within(), setting.evidence()));
        if (!setting.cost().isEmpty()) {
            environment.comment(CommentText.of(environment.within(), "cost: ", setting.cost()));
        }
        environment.line(
                YamlText.of(setting.variable()) + ": " + YamlText.quoted(dollars(setting.value())));
    }

    private static void unsaid(YamlEntries entries, String what, String path, String why) {
        entries.comment(InexpressiblePath.comment(entries.within(), what, path, why));
    }

    /// The short form where it can say it: all versions of Compose know it.
    private static String mount(String type, String source, String target, boolean writable) {
        boolean simple = (source + target).indexOf(':') < 0 && ShellText.visible(source + target);
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
        return YamlText.of(dollars(text));
    }

    private static String line(String text) {
        return YamlText.line(dollars(text));
    }

    /// Compose takes a dollar sign for the beginning of a variable.
    private static String dollars(String text) {
        return text.replace("$", "$$");
    }
}
