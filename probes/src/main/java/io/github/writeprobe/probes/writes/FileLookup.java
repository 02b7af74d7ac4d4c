package io.github.writeprobe.probes.writes;

import java.util.List;
import java.util.Optional;

/// Read-only access to the files of one container.
public interface FileLookup {
    /// Access to no file at all.
    FileLookup NONE =
            new FileLookup() {
                @Override
                public Optional<FileFacts> file(String path) {
                    return Optional.empty();
                }

                @Override
                public Optional<Listing> list(String path, int max) {
                    return Optional.empty();
                }
            };

    /// @param path absolute, in the container; links are followed, but not out of the container
    /// @return empty if there is no such file, or if it cannot be inspected
    Optional<FileFacts> file(String path);

    /// The entries of a directory.
    ///
    /// @param max the maximum number of entries
    /// @return empty if it is not a directory, or if it cannot be read
    Optional<Listing> list(String path, int max);

    /// @param complete whether these are all entries
    record Listing(List<FileFacts> entries, boolean complete) {
        public Listing {
            entries = List.copyOf(entries);
        }
    }
}
