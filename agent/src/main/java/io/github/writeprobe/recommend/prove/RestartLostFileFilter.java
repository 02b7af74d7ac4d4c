package io.github.writeprobe.recommend.prove;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Compares the files in the volumes of a clone before and after its restart.
final class RestartLostFileFilter {
    private RestartLostFileFilter() {}

    /// What was lost because of a proposal. A service removes files itself, under names that differ
    /// from run to run, so a file in a directory where it does that without the proposal too is not
    /// counted.
    static Set<String> lostByProposal(Set<String> withProposal, Set<String> without) {
        Set<String> ownDirectories =
                without.stream().map(RestartLostFileFilter::parent).collect(Collectors.toSet());
        return withProposal.stream()
                .filter(path -> !ownDirectories.contains(parent(path)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
