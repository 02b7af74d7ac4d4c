package io.github.writeprobe.recommend;

import io.github.writeprobe.probes.writes.Account;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.Written;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What lookouts saw of a container that was started more than once, as one; and without the
/// image's own programs.
final class Traced {
    private Traced() {}

    /// A program that was run, but not seen to be written, counts if it is none of the image: it
    /// was added or changed since, or is gone already, as libraries are that unpack themselves.
    static List<Written> of(List<Account> accounts, List<Change> changes) {
        Set<String> changed =
                changes.stream()
                        .filter(c -> c.kind() != Change.Kind.DELETED)
                        .map(Change::path)
                        .collect(Collectors.toSet());
        Map<String, Written> byPath = new LinkedHashMap<>();
        accounts.stream()
                .flatMap(a -> a.written().stream())
                .forEach(w -> byPath.merge(w.path(), w, Traced::both));
        return byPath.values().stream()
                .filter(w ->
                        w.times() > 0 || w.heldOpen() || w.gone() || changed.contains(w.path()))
                .toList();
    }

    private static Written both(Written before, Written after) {
        Set<String> by = new HashSet<>(before.by());
        by.addAll(after.by());
        return new Written(
                after.path(),
                after.type() == FileType.UNKNOWN ? before.type() : after.type(),
                after.gone(),
                before.heldOpen() || after.heldOpen(),
                before.times() + after.times(),
                Math.max(before.bytes(), after.bytes()),
                before.executed() || after.executed(),
                by);
    }
}
