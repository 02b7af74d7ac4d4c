package io.github.writeprobe.report;

import io.github.writeprobe.model.WaiverNote;
import io.github.writeprobe.probes.Write;

/// Wordings that more than one format uses. What they quote of strangers is not plain yet.
final class Words {
    private Words() {}

    /// Why a witness cannot tell.
    static String of(Write.Inconclusive inconclusive) {
        String meaning = inconclusive.cause().meaning();
        return inconclusive.detail().isEmpty() ? meaning : meaning + ": " + inconclusive.detail();
    }

    /// Why a finding is waived, by whom, and until when.
    static String of(WaiverNote waiver) {
        String until = waiver.expires().map(day -> ", until " + day).orElse("");
        return waiver.reason() + " (" + waiver.owner() + until + ")";
    }

    /// A number of things, as in "1 container" or "2 containers".
    static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
