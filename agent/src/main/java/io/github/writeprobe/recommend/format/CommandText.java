package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Provision.Kept;
import io.github.writeprobe.recommend.Provision.Setting;
import java.util.ArrayList;
import java.util.List;

/// A command for a shell, one option a line, below comments that say why.
///
/// A shell lets no comment stand between the lines of a command, so all of them come before it.
final class CommandText {
    private final StringBuilder comments = new StringBuilder();
    private final List<String> options = new ArrayList<>();

    void comment(String text) {
        comments.append(text);
    }

    void option(String option) {
        options.add(option);
    }

    /// @param option with its value
    void option(String option, String value) {
        options.add(option + " " + ShellText.of(value));
    }

    /// What a container has already, which is given as before.
    void kept(Kept kept) {
        comment(CommentText.of("", "kept: ", MountNames.said(kept.mount())));
        comment(CommentText.of("", "  ", kept.evidence()));
    }

    /// @param option of the command that sets a variable
    void setting(String option, Setting setting) {
        comment(CommentText.of("", "", setting.variable() + ":"));
        comment(CommentText.of("", "  ", setting.evidence()));
        if (!setting.cost().isEmpty()) {
            comment(CommentText.of("", "  cost: ", setting.cost()));
        }
        String assignment = setting.variable() + "=" + setting.value();
        if (ShellText.visible(assignment)) {
            option(option, assignment);
        } else {
            comment(InexpressiblePath.setting("", setting.variable()));
        }
    }

    String comments() {
        return comments.toString();
    }

    /// @param beginning of the command
    /// @param end its last words, quoted
    String text(String indent, String beginning, String end) {
        StringBuilder text = new StringBuilder(indent).append(beginning);
        options.forEach(o -> text.append(" \\\n").append(indent).append("    ").append(o));
        return text.append(" \\\n")
                .append(indent)
                .append("    ")
                .append(end)
                .append('\n')
                .toString();
    }
}
