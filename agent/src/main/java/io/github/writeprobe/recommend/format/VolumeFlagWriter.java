package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import java.util.List;

/// New volumes as options of a command.
final class VolumeFlagWriter {
    private VolumeFlagWriter() {}

    /// @param option `--mount` or `--mount-add`
    static void add(
            CommentedShellCommand command,
            String option,
            String path,
            String name,
            boolean certain,
            List<ProposalItemEvidence> evidence) {
        command.addComment(CommentText.of("", "", path + ":"));
        command.addComment(CommentText.of("", "  ", evidence));
        if (!certain) {
            command.addComment(CommentText.of("", "  ", "check whether this has to be a volume"));
        }
        if (!ShellText.isPrintable(path) || OmissionComment.isGarbled(path)) {
            command.addComment(
                    OmissionComment.comment("", "a volume", path, OmissionComment.INVISIBLE));
        } else {
            command.addOption(option, MountFlagCsv.of("type=volume", "src=" + name, "dst=" + path));
        }
    }
}
