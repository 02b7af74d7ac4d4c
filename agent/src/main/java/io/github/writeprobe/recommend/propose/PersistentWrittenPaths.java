package io.github.writeprobe.recommend.propose;

import java.util.Collection;
import java.util.TreeSet;

/// Every path that was written with data that must outlive the container, or that may have to.
///
/// A tmpfs is empty after each start, so none may be at or above such a path. [MountPointChooser]
/// asks this of every directory before it becomes a tmpfs. The directories of other mounts do not
/// answer it: a volume may already be on a directory above the paths that it is for.
final class PersistentWrittenPaths {
    private final TreeSet<String> paths = new TreeSet<>();

    PersistentWrittenPaths(Collection<MountCandidate> candidates) {
        for (MountCandidate candidate : candidates) {
            candidate.members().stream()
                    .filter(candidate::isLasting)
                    .map(judged -> judged.trace().path())
                    .forEach(paths::add);
            if (candidate.isLasting()) {
                paths.add(candidate.path());
            }
        }
    }

    boolean anyAtOrBelow(String directory) {
        String prefix = directory.equals("/") ? "/" : directory + "/";
        String next = paths.ceiling(prefix);
        return paths.contains(directory) || (next != null && next.startsWith(prefix));
    }
}
