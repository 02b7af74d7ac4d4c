package io.github.writeprobe.monitor;

import io.github.writeprobe.model.VerdictChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The last changes of verdicts since the start. Written by the monitor, read from any thread.
///
/// The memory is limited to some megabytes, however long the agent runs and whatever the
/// containers' names are: old changes are dropped, and long texts are cut.
public final class VerdictChangeHistory {
    static final int MOST = 500;
    static final int LONGEST = 400;
    static final int FINDINGS = 20;

    private final Deque<VerdictChange> changes = new ArrayDeque<>();
    private long changeCount;

    synchronized void add(VerdictChange change) {
        if (changes.size() == MOST) {
            changes.removeLast();
        }
        changes.addFirst(
                new VerdictChange(
                        change.at(),
                        cut(change.container()),
                        change.id(),
                        change.engine(),
                        change.before(),
                        change.after(),
                        cut(change.message()),
                        change.findings().stream()
                                .limit(FINDINGS)
                                .map(VerdictChangeHistory::cut)
                                .toList()));
        changeCount++;
    }

    /// The newest first.
    public synchronized List<VerdictChange> changes() {
        return List.copyOf(changes);
    }

    /// The number of changes since the start, including dropped ones.
    public synchronized long changeCount() {
        return changeCount;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
