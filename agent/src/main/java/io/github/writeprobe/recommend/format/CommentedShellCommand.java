package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import java.util.ArrayList;
import java.util.List;

/// A shell command with one option per line, below comments that give the reasons.
///
/// A shell does not allow comments between the lines of a command, so all comments come first.
final class CommentedShellCommand {
    private final StringBuilder comments = new StringBuilder();
    private final List<String> options = new ArrayList<>();

    void addComment(String text) {
        comments.append(text);
    }

    void addOption(String option) {
        options.add(option);
    }

    /// @param value quoted by this method
    void addOption(String option, String value) {
        options.add(option + " " + ShellText.of(value));
    }

    /// A mount that the container already has. The user passes it as before.
    void addKept(Kept kept) {
        addComment(CommentText.of("", "kept: ", DeclaredMountWording.describe(kept.mount())));
        addComment(CommentText.of("", "  ", kept.evidence()));
    }

    /// @param option of the command that sets a variable
    void addSetting(String option, Setting setting) {
        addComment(CommentText.of("", "", setting.variable() + ":"));
        addComment(CommentText.of("", "  ", setting.evidence()));
        if (!setting.cost().isEmpty()) {
            addComment(CommentText.of("", "  cost: ", setting.cost()));
        }
        String assignment = setting.variable() + "=" + setting.value();
        if (ShellText.isPrintable(assignment)) {
            addOption(option, assignment);
        } else {
            addComment(OmissionComment.setting("", setting.variable()));
        }
    }

    String comments() {
        return comments.toString();
    }

    /// @param program the first words of the command
    /// @param lastArguments the last arguments of the command, quoted
    String render(String indent, String program, String lastArguments) {
        StringBuilder text = new StringBuilder(indent).append(program);
        options.forEach(o -> text.append(" \\\n").append(indent).append("    ").append(o));
        return text.append(" \\\n")
                .append(indent)
                .append("    ")
                .append(lastArguments)
                .append('\n')
                .toString();
    }
}
