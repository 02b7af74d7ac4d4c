package io.github.writeprobe.probes.writes;

import java.util.List;
import java.util.Optional;

/// The files of one container, to look at and never to change.
public interface FileView {
    /// @param path absolute, in the container; links are followed, and never lead out of it
    /// @return empty if there is no such file, or if nobody can say
    Optional<FileFacts> file(String path);

    /// The entries of a directory.
    ///
    /// @param max entries; what is more is left out
    /// @return empty if it is no directory, or if nobody can say
    Optional<Listing> list(String path, int max);

    /// @param complete whether nothing was left out
    record Listing(List<FileFacts> entries, boolean complete) {
        public Listing {
            entries = List.copyOf(entries);
        }
    }
}
