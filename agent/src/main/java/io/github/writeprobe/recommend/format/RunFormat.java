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
        List<Stanza> stanzas = Stanza.of(recommendations, o -> "", o -> "", UniqueNames::allowed);
        out.write(
                Script.text(
                        recommendations,
                        stanzas,
                        "[OPTION]... IMAGE [COMMAND]...",
                        "the options, image and command that the container has now",
                        RunFormat::command));
        out.flush();
    }

    private static Script.Part command(Stanza stanza) {
        Commands command = new Commands();
        UniqueNames names = new UniqueNames();
        command.option("--read-only");
        stanza.all(Kept.class).forEach(command::kept);
        stanza.all(Tmpfs.class).forEach(tmpfs -> tmpfs(command, tmpfs));
        List<String> before = new ArrayList<>();
        for (Volume volume : stanza.all(Volume.class)) {
            String name = names.of(stanza.name() + "-" + volume.name());
            Volumes.option(
                    command, "--mount", volume.path(), name, volume.certain(), volume.evidence());
            owned(stanza, volume, name, command).ifPresent(before::add);
        }
        stanza.all(Setting.class).forEach(setting -> command.setting("--env", setting));
        return new Script.Part(command, before, "docker run", "\"$@\"");
    }

    /// A new volume is root's where the image has no such directory: chown, which most images have,
    /// gives it to the service.
    private static Optional<String> owned(
            Stanza stanza, Volume volume, String name, Commands command) {
        String image = stanza.container().image();
        String path = volume.path();
        if (!volume.ofRoot() || !ShellText.visible(image + path) || Unsaid.garbled(path)) {
            return Optional.empty();
        }
        String owner = volume.uid() + ":" + volume.gid();
        command.comment(
                Comments.of("", "  ", "it is given to " + owner + ", since the image has none"));
        return Optional.of(
                "docker run --rm --network none --user 0 --entrypoint chown --mount "
                        + ShellText.of(Csv.of("type=volume", "src=" + name, "dst=" + path))
                        + " "
                        + ShellText.of(image)
                        + " "
                        + owner
                        + " "
                        + ShellText.of(path)
                        + " || exit");
    }

    private static void tmpfs(Commands command, Tmpfs tmpfs) {
        command.comment(Comments.of("", "", tmpfs.path() + ":"));
        command.comment(Comments.of("", "  ", tmpfs.evidence()));
        if (!ShellText.visible(tmpfs.path()) || Unsaid.garbled(tmpfs.path())) {
            command.comment(Unsaid.comment("", "a tmpfs", tmpfs.path(), Unsaid.INVISIBLE));
        } else if (!TmpfsOptions.canSay(tmpfs.path())) {
            command.comment(
                    Unsaid.comment(
                            "", "a tmpfs", tmpfs.path(), "Docker would end the path at its colon"));
        } else {
            command.option("--tmpfs", TmpfsOptions.of(tmpfs));
        }
    }
}
