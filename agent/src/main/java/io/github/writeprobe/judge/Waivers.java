package io.github.writeprobe.judge;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.policy.LabelPolicy;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.policy.Waiver;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Marks the findings that waivers cover, and reports expired waivers.
final class Waivers {
    private final List<Waiver> active;
    private final List<Waiver> expired;

    Waivers(Policy policy, Container container, LocalDate today) {
        List<Waiver> matching =
                Stream.concat(
                                policy.waivers().stream().filter(w -> w.match().matches(container)),
                                policy.honourLabels()
                                        ? LabelPolicy.waivers(container.labels()).stream()
                                        : Stream.of())
                        .toList();
        active = matching.stream().filter(w -> !isExpired(w, today)).toList();
        expired = matching.stream().filter(w -> isExpired(w, today)).toList();
    }

    private static boolean isExpired(Waiver waiver, LocalDate today) {
        return waiver.note().expires().filter(today::isAfter).isPresent();
    }

    List<Finding> apply(List<Finding> findings) {
        List<Finding> out = new ArrayList<>();
        for (Finding f : findings) {
            out.add(covering(active, f).map(w -> withWaiver(f, w.note())).orElse(f));
        }
        for (Waiver waiver : expired) {
            out.stream()
                    .filter(f -> !f.isWaived() && waiver.covers(f.kind(), f.path()))
                    .findFirst()
                    .ifPresent(f -> out.add(expiredWaiver(waiver.note(), f)));
        }
        return out;
    }

    private static Optional<Waiver> covering(List<Waiver> waivers, Finding f) {
        return waivers.stream().filter(w -> w.covers(f.kind(), f.path())).findFirst();
    }

    private static Finding withWaiver(Finding f, WaiverNote note) {
        return new Finding(
                f.kind(),
                f.severity(),
                f.path(),
                f.message(),
                f.remedy(),
                f.evidence(),
                Optional.of(note));
    }

    private static Finding expiredWaiver(WaiverNote note, Finding f) {
        return new Finding(
                FindingKind.EXPIRED_WAIVER,
                f.severity().isAtLeast(Severity.MEDIUM) ? Severity.MEDIUM : f.severity(),
                f.path(),
                "The waiver of "
                        + note.owner()
                        + " for "
                        + f.kind().label()
                        + " expired on "
                        + note.expires().map(LocalDate::toString).orElse("")
                        + " and no longer applies",
                "Fix what it waived, or ask " + note.owner() + " to renew it with a new date",
                List.of("waiver: " + note.reason()),
                Optional.empty());
    }
}
