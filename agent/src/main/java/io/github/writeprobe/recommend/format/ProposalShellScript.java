package io.github.writeprobe.recommend.format;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.recommend.Recommendation;
import java.util.List;
import java.util.function.Function;

/// A shell script of one command, or of several commands, of which the first argument selects one.
final class ProposalShellScript {
    /// @param setup commands to run before it
    /// @param lastArguments the last arguments of the command, quoted
    record Part(
            CommentedShellCommand command,
            List<String> setup,
            String program,
            String lastArguments) {}

    private ProposalShellScript() {}

    /// @param arguments the arguments of the script, for people
    /// @param meaning of the arguments
    static String render(
            List<Recommendation> recommendations,
            List<ServiceProposalItems> stanzas,
            String arguments,
            String meaning,
            Function<ServiceProposalItems, Part> part) {
        boolean several = stanzas.size() > 1;
        StringBuilder text = new StringBuilder();
        text.append(
                CommentText.of(
                        "",
                        "",
                        "Proposed by writeprobe. sh THIS-FILE "
                                + (several ? "NAME " : "")
                                + arguments
                                + ", with "
                                + meaning));
        text.append("#\n");
        recommendations.forEach(r -> text.append(RecommendationSummary.of(r).comments()));
        if (!several) {
            stanzas.forEach(stanza -> text.append(renderPart(part.apply(stanza), "")));
            return text.toString();
        }
        text.append("name=${1-}\n[ $# = 0 ] || shift\ncase $name in\n");
        for (ServiceProposalItems stanza : stanzas) {
            text.append(ShellText.of(stanza.name())).append(")\n");
            text.append(renderPart(part.apply(stanza), "    ")).append("    ;;\n");
        }
        text.append("*)\n    echo \"the first argument has to be one of: ");
        text.append(String.join(" ", stanzas.stream().map(ServiceProposalItems::name).toList()));
        return text.append("\" >&2\n    exit 2\n    ;;\nesac\n").toString();
    }

    private static String renderPart(Part part, String indent) {
        return "#\n"
                + part.command().comments()
                + part.setup().stream().map(b -> indent + b + "\n").collect(joining())
                + part.command().render(indent, part.program(), part.lastArguments());
    }
}
