package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The description of a kind of finding in SARIF. Viewers show it as the help page of an alert.
///
/// @param defaultSeverity the severity that most findings of the kind have
/// @param meaning what the finding proves, and why it matters
/// @param fix how to fix it
/// @param waiverHelp how to waive it: a text and, if there is one, an example
record SarifRule(
        String id,
        String name,
        Severity defaultSeverity,
        String summary,
        String meaning,
        String fix,
        WaiverHelp waiverHelp,
        List<String> references) {
    static final String UNVERIFIED = "unverified";

    /// All rules, in their order in the log.
    static final List<SarifRule> ALL =
            Stream.concat(
                            Arrays.stream(FindingKind.values()).map(SarifRule::of),
                            Stream.of(unverified()))
                    .toList();

    SarifRule {
        requireNonNull(id);
        requireNonNull(name);
        requireNonNull(defaultSeverity);
        requireNonNull(summary);
        requireNonNull(meaning);
        requireNonNull(fix);
        requireNonNull(waiverHelp);
        references = List.copyOf(references);
    }

    record WaiverHelp(String text, String example) {
        static WaiverHelp ofFinding(String kind) {
            return new WaiverHelp(
                    "Add a waiver to writeprobe.yml. The result stays in the log as suppressed"
                            + " until the waiver expires.",
                    """
                    policy:
                      waivers:
                        - match: {container: NAME}
                          findings: [%s]
                          paths: [PATH]
                          reason: why this is acceptable
                          owner: who decides about it
                          expires: YYYY-MM-DD
                    """
                            .formatted(kind));
        }
    }

    String helpText() {
        return meaning
                + "\n\nHow to fix it: "
                + fix
                + "\n\nHow to waive it: "
                + waiverHelp.text()
                + (waiverHelp.example().isEmpty()
                        ? ""
                        : "\n\n" + waiverHelp.example().stripTrailing())
                + (references.isEmpty() ? "" : "\n\nSee " + String.join(", ", references) + ".");
    }

    String helpMarkdown() {
        return meaning
                + "\n\n## How to fix it\n\n"
                + fix
                + "\n\n## How to waive it\n\n"
                + waiverHelp.text()
                + (waiverHelp.example().isEmpty()
                        ? ""
                        : "\n\n```yaml\n" + waiverHelp.example() + "```")
                + (references.isEmpty()
                        ? ""
                        : "\n\n## References\n\n- " + String.join("\n- ", references));
    }

    private static SarifRule of(FindingKind kind) {
        return switch (kind) {
            case DRIFT ->
                    rule(
                            kind,
                            "Drift",
                            Severity.CRITICAL,
                            "The engine declares this mount read-only, but a write succeeded."
                                    + " Something remounted it or mounted something over it, or"
                                    + " the runtime did not apply the declaration. Tools that read"
                                    + " only the declaration cannot see this.",
                            "Find out what changed the mount (a privileged process, a process with"
                                    + " CAP_SYS_ADMIN, the host) before you replace the"
                                    + " container.");
            case CONTRADICTION ->
                    rule(
                            kind,
                            "Contradiction",
                            Severity.CRITICAL,
                            "A command that ran in the container reported a result about a path"
                                    + " that the kernel disproves. The kernel was probed from the"
                                    + " host, before and after the command. The container's shell,"
                                    + " or a program that it starts, reports wrong results. Do not"
                                    + " trust anything that the container reports about itself.",
                            "Keep the container for forensics, compare its sh with the one in the"
                                    + " image, and replace the container. If a security module of"
                                    + " the host is the reason, waive the finding for that path.");
            case EXPOSED ->
                    rule(
                            kind,
                            "Exposed",
                            Severity.HIGH,
                            "An attacker in this container can change the programs that it runs, or"
                                    + " files of the host. Root filesystems are writable by"
                                    + " default.",
                            "Set read_only: true (docker run --read-only), and give the service a"
                                    + " tmpfs or a volume for each path that it has to write."
                                    + " Mount a bind read-only (:ro), or remove it.");
            case BYPASSABLE ->
                    rule(
                            kind,
                            "Bypassable",
                            Severity.MEDIUM,
                            "The root filesystem is read-only now, but root in this container can"
                                    + " make it writable again, or take control of the host or the"
                                    + " engine.",
                            "Remove the powers that the finding names: privileged mode, a"
                                    + " capability, a device, access to the host's processes, a"
                                    + " socket.");
            case UNDECLARED ->
                    rule(
                            kind,
                            "UndeclaredMount",
                            Severity.MEDIUM,
                            "The mount table shows a writable mount that the engine does not"
                                    + " declare. Tools that read only the declaration cannot see"
                                    + " it.",
                            "Find out what mounted it. If the mount belongs there, declare it; if"
                                    + " not, replace the container.");
            case EXECUTABLE ->
                    rule(
                            kind,
                            "WritableAndExecutable",
                            Severity.MEDIUM,
                            "A read-only root filesystem stops an attacker from changing programs."
                                    + " At a path where files can be written and run, the attacker"
                                    + " can use their own programs instead.",
                            "Mount it with noexec, for example as a tmpfs:"
                                    + " /tmp:noexec,nosuid,nodev.");
            case UNWRITABLE ->
                    rule(
                            kind,
                            "Unwritable",
                            Severity.MEDIUM,
                            "The path is declared writable, but writes are refused: its filesystem"
                                    + " is read-only, fails or is full, or the owner or mode is"
                                    + " wrong. The service loses what it cannot write.",
                            "Repair the filesystem and mount it again, free some space, or make"
                                    + " the service's user the owner of the path (options uid and"
                                    + " gid of a tmpfs, the owner of a volume's directory).");
            case EXPIRED_WAIVER ->
                    new SarifRule(
                            kind.label(),
                            "ExpiredWaiver",
                            Severity.MEDIUM,
                            kind.meaning(),
                            "The finding that it waived counts again.",
                            "Fix what was waived, or decide again and set a new expiry date.",
                            new WaiverHelp("Renew or remove the waiver in writeprobe.yml.", ""),
                            kind.references());
        };
    }

    private static SarifRule rule(
            FindingKind kind, String name, Severity defaultSeverity, String meaning, String fix) {
        return new SarifRule(
                kind.label(),
                name,
                defaultSeverity,
                kind.meaning(),
                meaning,
                fix,
                WaiverHelp.ofFinding(kind.label()),
                kind.references());
    }

    private static SarifRule unverified() {
        return new SarifRule(
                UNVERIFIED,
                "Unverified",
                Severity.MEDIUM,
                "Not everything that has to be read-only was proved to be read-only.",
                "The result for this container is inconclusive: for example, the image has no"
                        + " shell, the container is paused, or a probe timed out. An unverified"
                        + " container does not count as compliant.",
                "The message gives the reason. Fix it, and audit the container again.",
                new WaiverHelp("An unverified container cannot be waived.", ""),
                List.of());
    }
}
