package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Evidence;
import java.util.List;

/// New volumes as options of a command.
final class Volumes {
    private Volumes() {}

    /// @param option `--mount` or `--mount-add`
    static void option(
            Commands command,
            String option,
            String path,
            String name,
            boolean certain,
            List<Evidence> evidence) {
        command.comment(Comments.of("", "", path + ":"));
        command.comment(Comments.of("", "  ", evidence));
        if (!certain) {
            command.comment(Comments.of("", "  ", "not sure of this one"));
        }
        if (!ShellText.visible(path) || Unsaid.garbled(path)) {
            command.comment(Unsaid.comment("", "a volume", path, Unsaid.INVISIBLE));
        } else {
            command.option(option, Csv.of("type=volume", "src=" + name, "dst=" + path));
        }
    }
}
