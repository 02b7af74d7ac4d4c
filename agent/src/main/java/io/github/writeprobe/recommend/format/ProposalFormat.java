package io.github.writeprobe.recommend.format;

import io.github.writeprobe.recommend.Recommendation;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/// A way to write proposals down.
///
/// It reads no clock and asks no engine: the same proposals give the same text.
public interface ProposalFormat {
    /// Writes them all, ending in a newline, and flushes.
    ///
    /// @param out encodes as UTF-8; stays open
    /// @throws IOException if `out` does
    void write(List<Recommendation> recommendations, Writer out) throws IOException;
}
