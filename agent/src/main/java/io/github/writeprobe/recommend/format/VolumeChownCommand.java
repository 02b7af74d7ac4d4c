package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.List;

/// The command that gives a new volume to the service. It belongs to root if the image does not
/// have the directory.
final class VolumeChownCommand {
    private VolumeChownCommand() {}

    /// "owner to 1000:1000 and its mode to 2775".
    static String describe(Volume volume) {
        return "owner to "
                + owner(volume)
                + (volume.needsChmod() ? " and its mode to " + mode(volume) : "");
    }

    /// The program and its arguments. A shell is used only if it takes two programs.
    ///
    /// @param path where the volume is mounted
    static List<String> command(Volume volume, String path) {
        return volume.needsChmod()
                ? List.of("sh", "-c", shellCommand(volume, path))
                : List.of("chown", owner(volume), path);
    }

    /// The same as one line for a shell. The owner comes first: chown clears setuid and setgid.
    static String shellCommand(Volume volume, String path) {
        String chown = "chown " + owner(volume) + " " + ShellText.of(path);
        return volume.needsChmod()
                ? chown + " && chmod " + mode(volume) + " " + ShellText.of(path)
                : chown;
    }

    private static String owner(Volume volume) {
        return volume.uid() + ":" + volume.gid();
    }

    private static String mode(Volume volume) {
        return Integer.toOctalString(volume.mode());
    }
}
