package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Severity;
import io.github.writeprobe.model.WaiverNote;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// One result of a SARIF log, before it is written.
///
/// @param rule the id of its rule
/// @param severity of a finding; empty for a container that could not be verified
/// @param message escaped for SARIF
record SarifResult(
        ContainerReport container,
        String rule,
        Optional<Severity> severity,
        String path,
        String message,
        Optional<WaiverNote> waiver) {
    private static final HexFormat HEX = HexFormat.of();

    SarifResult {
        requireNonNull(container);
        requireNonNull(rule);
        requireNonNull(severity);
        requireNonNull(path);
        requireNonNull(message);
        requireNonNull(waiver);
    }

    /// A result for each finding, waived ones too, and one for each container that could not be
    /// verified.
    static List<SarifResult> of(Report report) {
        List<SarifResult> results = new ArrayList<>();
        for (ContainerReport container : report.containers()) {
            String name = SarifEscape.safe(container.container().name()) + ": ";
            for (Finding finding : container.findings()) {
                results.add(
                        new SarifResult(
                                container,
                                finding.kind().label(),
                                Optional.of(finding.severity()),
                                finding.path(),
                                name + message(finding),
                                finding.waiver()));
            }
            if (!container.unproved().isEmpty()) {
                List<String> why = container.unproved().stream().map(SarifEscape::safe).toList();
                results.add(
                        new SarifResult(
                                container,
                                SarifRule.UNVERIFIED,
                                Optional.empty(),
                                "/",
                                name + "Not verified. " + String.join(" ", why),
                                Optional.empty()));
            }
        }
        return results;
    }

    private static String message(Finding finding) {
        String text =
                SarifEscape.safe(finding.message()) + " " + SarifEscape.safe(finding.remedy());
        List<String> evidence = finding.evidence().stream().map(SarifEscape::safe).toList();
        return evidence.isEmpty() ? text : text + "\nEvidence: " + String.join("; ", evidence);
    }

    Container subject() {
        return container.container();
    }

    /// A hash that stays the same for the same finding in later runs, even if the container has a
    /// new id. Tasks of a Swarm service, and pods of a deployment, have no stable names, so they
    /// share one. The engine is part of it only if there are several: the address of a single
    /// engine may change.
    String fingerprint(Report report) {
        Container container = subject();
        WorkloadName workload = WorkloadName.of(container);
        List<String> parts = new ArrayList<>(workload.names());
        workload.instance().ifPresent(parts::add);
        parts.add(container.image());
        parts.add(rule);
        parts.add(path);
        if (report.engines().size() > 1) {
            parts.add(container.engine());
        }
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] text = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
            return HEX.formatHex(sha256.digest(text));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
