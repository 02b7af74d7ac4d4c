package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Compares the files in the volumes of a clone before and after its restart.
final class DataFiles {
    private static final int MAX_FILES = 20_000;
    private static final int MAX_DIRECTORIES = 2000;

    private DataFiles() {}

    /// The regular files in some directories, with what other mounts show in them.
    static Set<String> in(Collection<String> directories, FileLookup files) {
        Set<String> found = new HashSet<>();
        Deque<String> queue = new ArrayDeque<>(directories);
        for (int read = 0; read < MAX_DIRECTORIES && !queue.isEmpty(); read++) {
            for (FileFacts facts :
                    files.list(queue.remove(), MAX_FILES)
                            .map(FileLookup.Listing::entries)
                            .orElse(List.of())) {
                if (facts.type() == FileType.DIRECTORY) {
                    queue.add(facts.path());
                } else if (facts.type() == FileType.REGULAR && found.size() < MAX_FILES) {
                    found.add(facts.path());
                }
            }
        }
        return found;
    }

    /// What was lost because of a proposal. A service removes files itself, under names that differ
    /// from run to run, so a file in a directory where it does that without the proposal too is not
    /// counted.
    static Set<String> lostByProposal(Set<String> withProposal, Set<String> without) {
        Set<String> ownDirectories =
                without.stream().map(DataFiles::parent).collect(Collectors.toSet());
        return withProposal.stream()
                .filter(path -> !ownDirectories.contains(parent(path)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
