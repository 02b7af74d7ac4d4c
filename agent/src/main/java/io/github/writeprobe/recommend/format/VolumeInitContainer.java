package io.github.writeprobe.recommend.format;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.recommend.propose.ProposalItem.Volume;
import java.util.ArrayList;
import java.util.List;

/// The init container that copies what the image has in a directory to the new claim on it.
/// Kubernetes does not fill claims, as Docker does with new volumes.
///
/// It copies only into an empty claim. It copies entry by entry, because a container that is not
/// root may not change the times of the claim's own directory.
final class VolumeInitContainer {
    private static final String INDENT = "        ";

    private record Claim(Volume volume, String name, String subPath) {}

    private final ServiceProposalItems stanza;
    private final List<Claim> claims = new ArrayList<>();

    VolumeInitContainer(ServiceProposalItems stanza) {
        this.stanza = stanza;
    }

    /// @param name of the pod's volume
    void add(Volume volume, String name, String subPath) {
        if (volume.inImage() == Volume.InImage.CONTENT) {
            claims.add(new Claim(volume, name, subPath));
        }
    }

    /// @param container its name in the pod
    /// @return an entry of `initContainers`; empty if nothing has to be copied
    String text(String container) {
        if (claims.isEmpty()) {
            return "";
        }
        String paths = claims.stream().map(c -> c.volume().path()).collect(joining(", "));
        String image = stanza.container().image();
        if (!ShellText.isPrintable(image)) {
            return CommentText.of(
                    INDENT,
                    "NOT INCLUDED: ",
                    "an init container that copies the image's files in "
                            + paths
                            + ", because the name of the image is not valid");
        }
        StringBuilder text =
                new StringBuilder(
                        CommentText.of(
                                INDENT,
                                "",
                                "copies what the image has in "
                                        + paths
                                        + ", because a new claim is empty. It needs sh, ls, grep"
                                        + " and cp: if the image does not have them, fill the claim"
                                        + " in another way, and remove this container"));
        addLine(text, "- name: " + YamlText.of(PodOwner.dnsLabel(container + "-volumes")));
        addLine(text, "  image: " + YamlText.of(image));
        addLine(text, "  command: [sh, -c, " + YamlText.quote(script().replace("$", "$$")) + "]");
        addLine(text, "  securityContext:");
        addLine(text, "    readOnlyRootFilesystem: true");
        addLine(text, "  volumeMounts:");
        for (int i = 0; i < claims.size(); i++) {
            addLine(text, "    - name: " + YamlText.of(claims.get(i).name()));
            addLine(text, "      mountPath: " + mountPath(i));
            addLine(text, "      subPath: " + YamlText.of(claims.get(i).subPath()));
        }
        return text.toString();
    }

    private static void addLine(StringBuilder text, String line) {
        text.append(INDENT).append(line).append('\n');
    }

    private static String mountPath(int number) {
        return "/volume-" + (number + 1);
    }

    private String script() {
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            commands.add(
                    ("ls -A TO | grep -q . || { cd FROM && for f in * .[!.]*; do"
                                    + " [ ! -e \"$f\" ] && [ ! -L \"$f\" ] || cp -a \"$f\" TO/ ||"
                                    + " exit 1; done; }")
                            .replace("TO", mountPath(i))
                            .replace("FROM", ShellText.of(claims.get(i).volume().path())));
        }
        return String.join(" && ", commands);
    }
}
