package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.Workload;
import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Provision.Setting;
import io.github.writeprobe.recommend.Provision.Tmpfs;
import io.github.writeprobe.recommend.Provision.Volume;
import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;

/// A shell script that changes a service of a swarm, or makes one with what is proposed.
///
/// A swarm's tmpfs has a size and a mode, but no owner, and is always noexec. Even its mode is the
/// image's where the image has the directory: runc 1.1 sees to that. So there is a volume instead
/// where something is run from, or where another user than root writes.
public final class SwarmFormat implements ProposalFormat {
    private static final int GROUP_MAY_WRITE = 0020;
    private static final int OTHERS_MAY_WRITE = 0002;

    @Override
    public void write(List<Recommendation> recommendations, Writer out) throws IOException {
        List<ServiceStanza> stanzas =
                ServiceStanza.of(
                        recommendations, o -> "", Workload::swarmService, UniqueNames::allowed);
        boolean update = stanzas.stream().allMatch(ServiceStanza::service);
        out.write(
                ShellScript.text(
                        recommendations,
                        stanzas,
                        update ? "[OPTION]..." : "[OPTION]... IMAGE [COMMAND]...",
                        "what else is to be changed"
                                + (update
                                        ? ", if anything is"
                                        : ", or for a new service the options, image and command"
                                                + " that the container has now"),
                        SwarmFormat::command));
        out.flush();
    }

    private static ShellScript.Part command(ServiceStanza stanza) {
        String add = stanza.service() ? "-add" : "";
        CommandText command = new CommandText();
        UniqueNames names = new UniqueNames();
        String stack = stanza.container().labels().getOrDefault("com.docker.stack.namespace", "");
        if (!stack.isEmpty()) {
            command.comment(
                    CommentText.of(
                            "",
                            "",
                            "The next docker stack deploy of "
                                    + stack
                                    + " undoes this. In its file, write read_only: true, and"
                                    + " volumes in the long form; a stack heeds neither tmpfs: nor"
                                    + " the mode of a tmpfs"));
        }
        command.option("--read-only");
        stanza.all(Kept.class).forEach(command::kept);
        for (Tmpfs tmpfs : stanza.all(Tmpfs.class)) {
            Optional<String> lacking = lacking(tmpfs);
            if (lacking.isPresent()) {
                command.comment(
                        CommentText.of(
                                "",
                                "",
                                tmpfs.path()
                                        + ": a volume and no tmpfs, since "
                                        + lacking.get()
                                        + "; it keeps what need not be kept"));
                VolumeOptions.option(
                        command,
                        "--mount" + add,
                        tmpfs.path(),
                        names.of(UniqueNames.allowed(stanza.name() + tmpfs.path())),
                        true,
                        tmpfs.evidence());
            } else {
                tmpfs(command, "--mount" + add, tmpfs);
            }
        }
        for (Volume volume : stanza.all(Volume.class)) {
            VolumeOptions.option(
                    command,
                    "--mount" + add,
                    volume.path(),
                    names.of(stanza.name() + "-" + volume.name()),
                    volume.certain(),
                    volume.evidence());
        }
        if (!stanza.all(Volume.class).isEmpty()) {
            command.comment(
                    CommentText.of(
                            "",
                            "",
                            "Each node has its own volumes: bind the service to one, or use a"
                                    + " driver that shares them"));
        }
        stanza.all(Setting.class).forEach(setting -> command.setting("--env" + add, setting));
        return stanza.service()
                ? new ShellScript.Part(
                        command,
                        List.of(),
                        "docker service update",
                        "\"$@\" " + ShellText.of(stanza.name()))
                : new ShellScript.Part(command, List.of(), "docker service create", "\"$@\"");
    }

    /// What this needs of a tmpfs, and a swarm's does not have.
    private static Optional<String> lacking(Tmpfs tmpfs) {
        if (tmpfs.execute()) {
            return Optional.of("something is run from there, and a swarm's tmpfs is noexec");
        }
        boolean everybody = (tmpfs.mode() & OTHERS_MAY_WRITE) != 0;
        if (!everybody && tmpfs.uid() != 0) {
            return Optional.of(
                    "uid " + tmpfs.uid() + " writes there, and a swarm's tmpfs is root's");
        }
        if (!everybody && tmpfs.gid() != 0 && (tmpfs.mode() & GROUP_MAY_WRITE) != 0) {
            return Optional.of(
                    "gid " + tmpfs.gid() + " writes there, and a swarm's tmpfs is root's");
        }
        return Optional.empty();
    }

    private static void tmpfs(CommandText command, String option, Tmpfs tmpfs) {
        command.comment(CommentText.of("", "", tmpfs.path() + ":"));
        command.comment(CommentText.of("", "  ", tmpfs.evidence()));
        if (!ShellText.visible(tmpfs.path()) || InexpressiblePath.garbled(tmpfs.path())) {
            command.comment(
                    InexpressiblePath.comment(
                            "", "a tmpfs", tmpfs.path(), InexpressiblePath.INVISIBLE));
            return;
        }
        command.option(
                option,
                CsvFields.of(
                        "type=tmpfs",
                        "dst=" + tmpfs.path(),
                        "tmpfs-size=" + tmpfs.bytes(),
                        "tmpfs-mode=" + Integer.toOctalString(tmpfs.mode())));
    }
}
