package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.WorkloadLabels;
import io.github.writeprobe.recommend.Recommendation;
import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/// A shell script that updates a Swarm service, or creates one, with the proposed options.
///
/// A tmpfs in Swarm has a size and a mode but no owner, and it is always noexec. If the image has
/// the directory, runc 1.1 even uses the mode of the image. So the script has a volume instead
/// where something is executed, or where a user other than root writes.
public final class SwarmFormat implements ProposalFormat {
    private static final int GROUP_MAY_WRITE = 0020;
    private static final int OTHERS_MAY_WRITE = 0002;

    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        List<ServiceProposalItems> stanzas =
                ServiceProposalItems.of(
                        recommendations,
                        o -> "",
                        WorkloadLabels::swarmService,
                        UniqueNames::sanitize);
        boolean update = stanzas.stream().allMatch(ServiceProposalItems::existing);
        out.write(
                ProposalShellScript.render(
                        recommendations,
                        stanzas,
                        update ? "[OPTION]..." : "[OPTION]... IMAGE [COMMAND]...",
                        "other options to change"
                                + (update
                                        ? ", if any"
                                        : ", or for a new service the current options, image and"
                                                + " command of the container"),
                        SwarmFormat::command));
        out.flush();
    }

    private static ProposalShellScript.Part command(ServiceProposalItems stanza) {
        String add = stanza.existing() ? "-add" : "";
        CommentedShellCommand command = new CommentedShellCommand();
        UniqueNames names = new UniqueNames();
        String stack = stanza.container().labels().getOrDefault("com.docker.stack.namespace", "");
        if (!stack.isEmpty()) {
            command.addComment(
                    CommentText.of(
                            "",
                            "",
                            "The next docker stack deploy of "
                                    + stack
                                    + " reverts this. In the stack file, write read_only: true, and"
                                    + " volumes in the long syntax; a stack ignores tmpfs: and the"
                                    + " mode of a tmpfs"));
        }
        command.addOption("--read-only");
        stanza.provisionsOf(Kept.class).forEach(command::addKept);
        for (Tmpfs tmpfs : stanza.provisionsOf(Tmpfs.class)) {
            Optional<String> missingFeature = missingTmpfsFeature(tmpfs);
            if (missingFeature.isPresent()) {
                command.addComment(
                        CommentText.of(
                                "",
                                "",
                                tmpfs.path()
                                        + ": a volume instead of a tmpfs, because "
                                        + missingFeature.get()
                                        + "; the data need not be kept"));
                VolumeFlagWriter.add(
                        command,
                        "--mount" + add,
                        tmpfs.path(),
                        names.assign(UniqueNames.sanitize(stanza.name() + tmpfs.path())),
                        true,
                        tmpfs.evidence());
            } else {
                addTmpfs(command, "--mount" + add, tmpfs);
            }
        }
        for (Volume volume : stanza.provisionsOf(Volume.class)) {
            VolumeFlagWriter.add(
                    command,
                    "--mount" + add,
                    volume.path(),
                    names.assign(stanza.name() + "-" + volume.name()),
                    volume.certain(),
                    volume.evidence());
        }
        if (!stanza.provisionsOf(Volume.class).isEmpty()) {
            command.addComment(
                    CommentText.of(
                            "",
                            "",
                            "Each node has its own volumes: constrain the service to one node, or"
                                    + " use a volume driver that shares them"));
        }
        stanza.provisionsOf(Setting.class)
                .forEach(setting -> command.addSetting("--env" + add, setting));
        return stanza.existing()
                ? new ProposalShellScript.Part(
                        command,
                        List.of(),
                        "docker service update",
                        "\"$@\" " + ShellText.of(stanza.name()))
                : new ProposalShellScript.Part(
                        command, List.of(), "docker service create", "\"$@\"");
    }

    /// What the proposal needs of a tmpfs and Swarm does not support.
    private static Optional<String> missingTmpfsFeature(Tmpfs tmpfs) {
        if (tmpfs.execute()) {
            return Optional.of("something is executed there, and a tmpfs in Swarm is noexec");
        }
        boolean worldWritable = (tmpfs.mode() & OTHERS_MAY_WRITE) != 0;
        if (!worldWritable && tmpfs.uid() != 0) {
            return Optional.of(
                    "uid " + tmpfs.uid() + " writes there, and a tmpfs in Swarm belongs to root");
        }
        if (!worldWritable && tmpfs.gid() != 0 && (tmpfs.mode() & GROUP_MAY_WRITE) != 0) {
            return Optional.of(
                    "gid " + tmpfs.gid() + " writes there, and a tmpfs in Swarm belongs to root");
        }
        return Optional.empty();
    }

    private static void addTmpfs(CommentedShellCommand command, String option, Tmpfs tmpfs) {
        command.addComment(CommentText.of("", "", tmpfs.path() + ":"));
        command.addComment(CommentText.of("", "  ", tmpfs.evidence()));
        if (!ShellText.isPrintable(tmpfs.path()) || OmissionComment.isGarbled(tmpfs.path())) {
            command.addComment(
                    OmissionComment.comment(
                            "", "a tmpfs", tmpfs.path(), OmissionComment.INVISIBLE));
            return;
        }
        command.addOption(
                option,
                MountFlagCsv.of(
                        "type=tmpfs",
                        "dst=" + tmpfs.path(),
                        "tmpfs-size=" + tmpfs.bytes(),
                        "tmpfs-mode=" + Integer.toOctalString(tmpfs.mode())));
    }
}
