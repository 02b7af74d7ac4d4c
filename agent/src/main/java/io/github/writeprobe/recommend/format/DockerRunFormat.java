package io.github.writeprobe.recommend.format;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A shell script that runs `docker run` with the proposed options. The user passes the other
/// options, the image and the command of the container as arguments, or copies the options out of
/// the script.
public final class DockerRunFormat implements ProposalFormat {
    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        List<ServiceProposalItems> stanzas =
                ServiceProposalItems.of(recommendations, o -> "", o -> "", UniqueNames::sanitize);
        out.write(
                ProposalShellScript.render(
                        recommendations,
                        stanzas,
                        "[OPTION]... IMAGE [COMMAND]...",
                        "the current options, image and command of the container",
                        DockerRunFormat::command));
        out.flush();
    }

    private static ProposalShellScript.Part command(ServiceProposalItems stanza) {
        CommentedShellCommand command = new CommentedShellCommand();
        UniqueNames names = new UniqueNames();
        command.addOption("--read-only");
        stanza.provisionsOf(Kept.class).forEach(command::addKept);
        stanza.provisionsOf(Tmpfs.class).forEach(tmpfs -> addTmpfs(command, tmpfs));
        List<String> setup = new ArrayList<>();
        for (Volume volume : stanza.provisionsOf(Volume.class)) {
            String name = names.assign(stanza.name() + "-" + volume.name());
            VolumeFlagWriter.add(
                    command, "--mount", volume.path(), name, volume.certain(), volume.evidence());
            chownCommand(stanza, volume, name, command).ifPresent(setup::add);
        }
        stanza.provisionsOf(Setting.class).forEach(setting -> command.addSetting("--env", setting));
        return new ProposalShellScript.Part(command, setup, "docker run", "\"$@\"");
    }

    /// A new volume belongs to root if the image does not have the directory. The script changes
    /// the owner with the image's own `chown`, which most images have.
    private static Optional<String> chownCommand(
            ServiceProposalItems stanza,
            Volume volume,
            String name,
            CommentedShellCommand command) {
        String image = stanza.container().image();
        String path = volume.path();
        if (!volume.needsChown()
                || !ShellText.isPrintable(image + path)
                || OmissionComment.isGarbled(path)) {
            return Optional.empty();
        }
        List<String> program = VolumeChownCommand.command(volume, path);
        command.addComment(
                CommentText.of(
                        "",
                        "  ",
                        "the script changes its "
                                + VolumeChownCommand.describe(volume)
                                + ", because the image does not have this directory"));
        return Optional.of(
                "docker run --rm --network none --user 0 --entrypoint "
                        + program.getFirst()
                        + " --mount "
                        + ShellText.of(MountFlagCsv.of("type=volume", "src=" + name, "dst=" + path))
                        + " "
                        + ShellText.of(image)
                        + " "
                        + program.stream().skip(1).map(ShellText::of).collect(joining(" "))
                        + " || exit");
    }

    private static void addTmpfs(CommentedShellCommand command, Tmpfs tmpfs) {
        command.addComment(CommentText.of("", "", tmpfs.path() + ":"));
        command.addComment(CommentText.of("", "  ", tmpfs.evidence()));
        if (!ShellText.isPrintable(tmpfs.path()) || OmissionComment.isGarbled(tmpfs.path())) {
            command.addComment(
                    OmissionComment.comment(
                            "", "a tmpfs", tmpfs.path(), OmissionComment.INVISIBLE));
        } else if (!TmpfsOptions.canExpress(tmpfs.path())) {
            command.addComment(
                    OmissionComment.comment(
                            "", "a tmpfs", tmpfs.path(), "Docker ends a path at its first colon"));
        } else {
            command.addOption("--tmpfs", TmpfsOptions.of(tmpfs));
        }
    }
}
