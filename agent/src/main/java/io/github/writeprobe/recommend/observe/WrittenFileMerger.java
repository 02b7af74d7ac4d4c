package io.github.writeprobe.recommend.observe;

import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.WriteObservations;
import io.github.writeprobe.probes.writes.WrittenFile;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Combines what was observed over all starts of a container, without the programs of the image.
final class WrittenFileMerger {
    private WrittenFileMerger() {}

    /// A program that was executed but not seen to be written counts only if it is not part of the
    /// image: it was added or changed since, or it is already gone, as with libraries that unpack
    /// native code.
    static List<WrittenFile> of(List<WriteObservations> observations, List<FileChange> changes) {
        Set<String> changed =
                changes.stream()
                        .filter(c -> c.kind() != FileChange.Kind.DELETED)
                        .map(FileChange::path)
                        .collect(Collectors.toSet());
        Map<String, WrittenFile> byPath = new LinkedHashMap<>();
        observations.stream()
                .flatMap(a -> a.written().stream())
                .forEach(w -> byPath.merge(w.path(), w, WrittenFileMerger::merge));
        return byPath.values().stream()
                .filter(w ->
                        w.times() > 0
                                || w.openForWriting()
                                || w.gone()
                                || changed.contains(w.path()))
                .toList();
    }

    private static WrittenFile merge(WrittenFile before, WrittenFile after) {
        Set<String> by = new HashSet<>(before.writers());
        by.addAll(after.writers());
        return new WrittenFile(
                after.path(),
                after.type() == FileType.UNKNOWN ? before.type() : after.type(),
                after.gone(),
                before.openForWriting() || after.openForWriting(),
                before.times() + after.times(),
                Math.max(before.bytes(), after.bytes()),
                before.executed() || after.executed(),
                by);
    }
}
