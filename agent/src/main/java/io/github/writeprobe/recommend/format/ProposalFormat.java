package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/// An output format for proposals.
///
/// It reads no clock and calls no engine: the same proposals give the same text.
public interface ProposalFormat {
    /// Writes all proposals, ends with a newline, and flushes.
    ///
    /// @param out encodes as UTF-8; is not closed
    /// @throws IOException if `out` fails
    void write(List<Recommendation> recommendations, Writer out) throws IOException;

    /// What a reader has to know and the format has no place for; each a line. May contain
    /// untrusted text.
    default List<String> remarks(List<Recommendation> recommendations) {
        return List.of();
    }
}
