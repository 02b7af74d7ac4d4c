package io.github.writeprobe.probes.trace;

import java.util.List;
import java.util.Optional;

/// Finds the call that made a change. It never chooses between two processes that can both have
/// made it.
final class ChangeMatcher {
    private static final int MAX_CALLS = 4;

    /// A mount reaches another namespace while the call runs; the thread that reports it may be
    /// late.
    private static final long LATE_NANOS = 100_000_000;

    private final MountCallLog log;

    ChangeMatcher(MountCallLog log) {
        this.log = log;
    }

    /// @param complete whether the log has every call until then
    ChangeMaker find(MountChange change, boolean complete) {
        if (!complete) {
            return new ChangeMaker.NotKnown(
                    "there were more mount calls at that time than can be read");
        }
        if (change.namespace().isEmpty()) {
            return new ChangeMaker.NotKnown("the container's mount namespace could not be read");
        }
        List<MountCall> all = log.between(change.since(), change.until());
        List<MountCall> own =
                all.stream()
                        .filter(c -> isIn(change, c) || (isUnread(c) && isAtThatTime(change, c)))
                        .toList();
        if (!own.isEmpty()) {
            return madeBy(own, false, change);
        }
        List<MountCall> elsewhere =
                all.stream().filter(c -> isAtThatTime(change, c) && reaches(change, c)).toList();
        return elsewhere.isEmpty()
                ? new ChangeMaker.NotKnown(nobody(change))
                : madeBy(elsewhere, true, change);
    }

    private static boolean isIn(MountChange change, MountCall call) {
        return call.caller().namespace().equals(change.namespace());
    }

    private static boolean isUnread(MountCall call) {
        return call.caller().namespace().isEmpty();
    }

    private static boolean isAtThatTime(MountChange change, MountCall call) {
        return change.reported().isEmpty()
                || call.overlaps(change.reported().getAsLong() - LATE_NANOS, change.until());
    }

    private static boolean reaches(MountChange change, MountCall call) {
        return call.call().changesFilesystem(call.flags())
                || (change.followsOthers() && call.call().propagates(call.flags()));
    }

    /// The latest call of each process.
    private ChangeMaker madeBy(List<MountCall> calls, boolean fromElsewhere, MountChange change) {
        List<MountCall> byProcess =
                calls.stream()
                        .filter(c ->
                                calls.stream()
                                        .filter(other -> isSame(other.caller(), c.caller()))
                                        .findFirst()
                                        .filter(c::equals)
                                        .isPresent())
                        .toList();
        int shown = Math.min(MAX_CALLS, byProcess.size());
        return new ChangeMaker.MadeBy(
                byProcess.subList(0, shown),
                byProcess.size() - shown,
                fromElsewhere,
                doubt(byProcess, change));
    }

    private Optional<String> doubt(List<MountCall> byProcess, MountChange change) {
        if (log.hasLostSince(change.since())) {
            return Optional.of("mount calls were lost at that time");
        }
        return byProcess.size() == 1 && isUnread(byProcess.getFirst())
                ? Optional.of(
                        "it ended before its mount namespace could be read, and no other process"
                                + " made a mount call at that time")
                : Optional.empty();
    }

    private static boolean isSame(Caller one, Caller other) {
        if (one instanceof Caller.Seen a && other instanceof Caller.Seen b) {
            return a.process().pid() == b.process().pid()
                    && a.process().startTicks() == b.process().startTicks();
        }
        return one.equals(other);
    }

    private String nobody(MountChange change) {
        return log.hasLostSince(change.since())
                ? "mount calls were lost at that time"
                : "no process was seen to make a mount call in the container's mount namespace;"
                        + " the kernel does not report those of 32-bit programs";
    }
}
