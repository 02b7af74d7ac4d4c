package io.github.writeprobe.recommend.format;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.ArrayList;
import java.util.List;

/// A one-shot service that gives new volumes to the user of a service before that service starts.
///
/// It runs at every `up`, does nothing if the owner is right, and has no network and no
/// capabilities but those that `chown` and `chmod` need. It mounts the volumes directly below `/`,
/// where root needs no permission of other directories.
final class ComposeChownServiceWriter {
    private static final String INDENT = "    ";

    private record NewVolume(String name, Volume volume) {
        String mountPoint(int number) {
            return "/volume-" + number;
        }
    }

    private final ServiceProposalItems stanza;
    private final List<NewVolume> volumes = new ArrayList<>();

    ComposeChownServiceWriter(ServiceProposalItems stanza) {
        this.stanza = stanza;
    }

    /// @param name of the volume in the Compose file
    void add(String name, Volume volume) {
        if (volume.needsChown()) {
            volumes.add(new NewVolume(name, volume));
        }
    }

    /// What the service itself needs.
    String dependency(String indent) {
        if (volumes.isEmpty()) {
            return "";
        }
        if (!ShellText.isPrintable(image())) {
            return CommentText.of(
                    indent,
                    "NOT INCLUDED: ",
                    "a service that changes the owner of "
                            + paths()
                            + ", because the name of the image is not valid");
        }
        return indent
                + "depends_on:\n"
                + indent
                + "  "
                + YamlText.of(name())
                + ":\n"
                + indent
                + "    condition: service_completed_successfully\n";
    }

    String service() {
        if (volumes.isEmpty() || !ShellText.isPrintable(image())) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        text.append("  ").append(YamlText.of(name())).append(":\n");
        text.append(
                CommentText.of(
                        INDENT,
                        "",
                        "gives the new volumes to the service, because the image does not have "
                                + paths()
                                + ". It needs "
                                + programs()
                                + ": if the image does not have that, name another image here"));
        text.append(line("image: " + ComposeEscaper.scalar(image())));
        text.append(line("user: \"0:0\""));
        text.append(line("entrypoint: [" + entrypoint() + "]"));
        text.append(line("read_only: true"));
        text.append(line("network_mode: none"));
        text.append(line("cap_drop: [ALL]"));
        text.append(line("cap_add: [" + (needsChmod() ? "CHOWN, FOWNER, FSETID" : "CHOWN") + "]"));
        text.append(line("volumes:"));
        for (int i = 0; i < volumes.size(); i++) {
            NewVolume volume = volumes.get(i);
            text.append(
                    line("  - " + YamlText.line(volume.name() + ":" + volume.mountPoint(i + 1))));
        }
        return text.toString();
    }

    private static String line(String text) {
        return INDENT + text + "\n";
    }

    private String entrypoint() {
        List<String> arguments =
                volumes.size() == 1
                        ? VolumeChownCommand.command(volumes.getFirst().volume(), "/volume-1")
                        : List.of("sh", "-c", shellCommand());
        return arguments.stream().map(YamlText::quote).collect(joining(", "));
    }

    private String shellCommand() {
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < volumes.size(); i++) {
            NewVolume volume = volumes.get(i);
            commands.add(
                    VolumeChownCommand.shellCommand(volume.volume(), volume.mountPoint(i + 1)));
        }
        return String.join(" && ", commands);
    }

    private String programs() {
        return needsChmod() ? "sh, chown and chmod" : volumes.size() > 1 ? "sh and chown" : "chown";
    }

    private boolean needsChmod() {
        return volumes.stream().anyMatch(volume -> volume.volume().needsChmod());
    }

    private String paths() {
        return volumes.stream().map(volume -> volume.volume().path()).collect(joining(", "));
    }

    private String image() {
        return stanza.container().image();
    }

    private String name() {
        return UniqueNames.sanitize(stanza.name() + "-volumes");
    }
}
