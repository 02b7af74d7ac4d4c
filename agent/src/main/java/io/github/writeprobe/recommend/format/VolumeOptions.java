package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.ProvisionEvidence;
import java.util.List;

/// New volumes as options of a command.
final class VolumeOptions {
    private VolumeOptions() {}

    /// @param option `--mount` or `--mount-add`
    static void option(
            CommandText command,
            String option,
            String path,
            String name,
            boolean certain,
            List<ProvisionEvidence> evidence) {
        command.comment(CommentText.of("", "", path + ":"));
        command.comment(CommentText.of("", "  ", evidence));
        if (!certain) {
            command.comment(CommentText.of("", "  ", "not sure of this one"));
        }
        if (!ShellText.visible(path) || InexpressiblePath.garbled(path)) {
            command.comment(
                    InexpressiblePath.comment("", "a volume", path, InexpressiblePath.INVISIBLE));
        } else {
            command.option(option, CsvFields.of("type=volume", "src=" + name, "dst=" + path));
        }
    }
}
