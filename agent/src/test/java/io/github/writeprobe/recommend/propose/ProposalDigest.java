package io.github.writeprobe.recommend.propose;

import static java.util.stream.Collectors.joining;

import io.github.writeprobe.recommend.propose.ProposalItem.Kept;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import io.github.writeprobe.recommend.propose.ProposalItem.Tmpfs;
import io.github.writeprobe.recommend.propose.ProposalItem.Volume;

/// A proposal as a short text, for comparisons.
public final class ProposalDigest {
    private ProposalDigest() {}

    public static String of(Proposal proposal) {
        return proposal.provisions().stream().map(ProposalDigest::of).collect(joining("; "));
    }

    public static String of(ProposalItem provision) {
        return switch (provision) {
            case Kept kept -> "keep " + kept.mount().destination() + (kept.used() ? " used" : "");
            case Setting setting -> "set " + setting.variable() + "=" + setting.value();
            case Tmpfs tmpfs ->
                    "tmpfs %s %dm %o %d:%d%s"
                            .formatted(
                                    tmpfs.path(),
                                    tmpfs.bytes() >> 20,
                                    tmpfs.mode(),
                                    tmpfs.uid(),
                                    tmpfs.gid(),
                                    tmpfs.execute() ? " exec" : "");
            case Volume volume -> "volume " + volume.path() + (volume.certain() ? "" : " ?");
        };
    }

    static String name(ProposalItem provision) {
        return switch (provision) {
            case Kept kept -> kept.mount().destination();
            case Setting setting -> setting.variable();
            case Tmpfs tmpfs -> tmpfs.path();
            case Volume volume -> volume.path();
        };
    }
}
