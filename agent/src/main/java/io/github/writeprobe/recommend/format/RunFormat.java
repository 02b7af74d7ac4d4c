package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Provision.Setting;
import io.github.writeprobe.recommend.Provision.Tmpfs;
import io.github.writeprobe.recommend.Provision.Volume;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A shell script that is `docker run` with what is proposed: it is given the other options, the
/// image and the command, those of the container as it is. The options can also be copied out.
public final class RunFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        List<ServiceStanza> stanzas =
                ServiceStanza.of(recommendations, o -> "", o -> "", UniqueNames::allowed);
        out.write(
                ShellScript.text(
                        recommendations,
                        stanzas,
                        "[OPTION]... IMAGE [COMMAND]...",
                        "the options, image and command that the container has now",
                        RunFormat::command));
        out.flush();
    }

    private static ShellScript.Part command(ServiceStanza stanza) {
        CommandText command = new CommandText();
        UniqueNames names = new UniqueNames();
        command.option("--read-only");
        stanza.all(Kept.class).forEach(command::kept);
        stanza.all(Tmpfs.class).forEach(tmpfs -> tmpfs(command, tmpfs));
        List<String> before = new ArrayList<>();
        for (Volume volume : stanza.all(Volume.class)) {
            String name = names.of(stanza.name() + "-" + volume.name());
            VolumeOptions.option(
                    command, "--mount", volume.path(), name, volume.certain(), volume.evidence());
            owned(stanza, volume, name, command).ifPresent(before::add);
        }
        stanza.all(Setting.class).forEach(setting -> command.setting("--env", setting));
        return new ShellScript.Part(command, before, "docker run", "\"$@\"");
    }

    /// A new volume is root's where the image has no such directory: chown, which most images have,
    /// gives it to the service.
    private static Optional<String> owned(
            ServiceStanza stanza, Volume volume, String name, CommandText command) {
        String image = stanza.container().image();
        String path = volume.path();
        if (!volume.ofRoot()
                || !ShellText.visible(image + path)
                || InexpressiblePath.garbled(path)) {
            return Optional.empty();
        }
        String owner = volume.uid() + ":" + volume.gid();
        command.comment(
                CommentText.of("", "  ", "it is given to " + owner + ", since the image has none"));
        return Optional.of(
                "docker run --rm --network none --user 0 --entrypoint chown --mount "
                        + ShellText.of(CsvFields.of("type=volume", "src=" + name, "dst=" + path))
                        + " "
                        + ShellText.of(image)
                        + " "
                        + owner
                        + " "
                        + ShellText.of(path)
                        + " || exit");
    }

    private static void tmpfs(CommandText command, Tmpfs tmpfs) {
        command.comment(CommentText.of("", "", tmpfs.path() + ":"));
        command.comment(CommentText.of("", "  ", tmpfs.evidence()));
        if (!ShellText.visible(tmpfs.path()) || InexpressiblePath.garbled(tmpfs.path())) {
            command.comment(
                    InexpressiblePath.comment(
                            "", "a tmpfs", tmpfs.path(), InexpressiblePath.INVISIBLE));
        } else if (!TmpfsOptions.canSay(tmpfs.path())) {
            command.comment(
                    InexpressiblePath.comment(
                            "", "a tmpfs", tmpfs.path(), "Docker would end the path at its colon"));
        } else {
            command.option("--tmpfs", TmpfsOptions.of(tmpfs));
        }
    }
}
