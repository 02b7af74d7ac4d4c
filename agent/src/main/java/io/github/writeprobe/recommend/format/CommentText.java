package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.propose.ProposalItemEvidence;
import io.github.writeprobe.text.UntrustedText;
import io.github.writeprobe.text.WrappedText;
import java.util.Collection;

/// Comments that begin with `#`, as in YAML and shells. Untrusted text cannot end a comment: it is
/// escaped to one line, and then wrapped into lines that each begin with `#`.
final class CommentText {
    private static final int COLUMNS = 110;
    private static final int MAX_LENGTH = 600;

    private CommentText() {}

    /// A text as comment lines; the first begins with `first`.
    static String of(String indent, String first, String text) {
        String rest = " ".repeat(first.length());
        return WrappedText.wrap(
                        indent + "# " + first,
                        indent + "# " + rest,
                        UntrustedText.clip(text, MAX_LENGTH),
                        COLUMNS)
                + "\n";
    }

    static String of(String indent, Collection<ProposalItemEvidence> evidence) {
        return of(indent, "", evidence);
    }

    /// @param first what each begins with
    static String of(String indent, String first, Collection<ProposalItemEvidence> evidence) {
        StringBuilder text = new StringBuilder();
        evidence.forEach(e -> text.append(of(indent, first + e.source().label() + ": ", e.text())));
        return text.toString();
    }
}
