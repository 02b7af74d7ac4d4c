package io.github.writeprobe.report;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.FindingKind;
import io.github.writeprobe.model.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What a reader of SARIF is told of a kind of finding: the help page beside each alert.
///
/// @param defaultSeverity the severity that most findings of the kind have
/// @param meaning what is at stake, and what the finding proves
/// @param fix what to do about it
/// @param waiverHelp how to accept it; a text and, where there is one, an example
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

    /// All rules, in the order in which the log lists them.
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
                    "Write down the exception in writeprobe.yml. The result stays in the log, as a"
                            + " suppressed one, until the waiver expires.",
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
                            "The engine was told to make this read-only, and a write succeeded all"
                                    + " the same. Somebody remounted it, mounted something over"
                                    + " it, or the engine did not do as told. Whoever relies on"
                                    + " the declaration is wrong about this container.",
                            "Find out who changed the mount (a privileged process, CAP_SYS_ADMIN,"
                                    + " the host) before you replace the container.");
            case CONTRADICTION ->
                    rule(
                            kind,
                            "Contradiction",
                            Severity.CRITICAL,
                            "A command run in the container claims one thing about a path, and the"
                                    + " kernel, asked from outside, another, before and after. The"
                                    + " container's shell lies, or its programs do: what it says"
                                    + " about itself is worth nothing.",
                            "Keep the container for forensics, compare its sh with the image's, and"
                                    + " replace it. Where a security module of the host is the"
                                    + " reason, waive the finding for that path.");
            case EXPOSED ->
                    rule(
                            kind,
                            "Exposed",
                            Severity.HIGH,
                            "An intruder in this container can change what it runs, or a directory"
                                    + " of the host. The engine's default for a root filesystem is"
                                    + " writable.",
                            "Set read_only: true (docker run --read-only), and give the service a"
                                    + " tmpfs or a volume for each path that it has to write."
                                    + " Mount a bind read-only (:ro), or remove it.");
            case BYPASSABLE ->
                    rule(
                            kind,
                            "Bypassable",
                            Severity.MEDIUM,
                            "The root filesystem is read-only now, but root in this container can"
                                    + " remount it, or reach the machine or the engine past that"
                                    + " limit.",
                            "Drop the powers that the finding names: privileged mode, a"
                                    + " capability, a device, the machine's processes, a socket.");
            case UNDECLARED ->
                    rule(
                            kind,
                            "UndeclaredMount",
                            Severity.MEDIUM,
                            "The kernel's mount table shows a writable mount that the engine's"
                                    + " inspect does not know. Tools that read the declaration"
                                    + " cannot see it.",
                            "Find out who mounted it. Declare it if it is wanted; else replace the"
                                    + " container.");
            case EXECUTABLE ->
                    rule(
                            kind,
                            "WritableAndExecutable",
                            Severity.MEDIUM,
                            "A read-only root filesystem keeps an intruder from changing programs;"
                                    + " a place where a file can be written and run lets them"
                                    + " bring their own.",
                            "Mount it noexec, for example as tmpfs: /tmp:noexec,nosuid,nodev.");
            case UNWRITABLE ->
                    rule(
                            kind,
                            "Unwritable",
                            Severity.LOW,
                            "The path was declared writable for the service, and the service"
                                    + " cannot write there: wrong owner, no space left, quota. It"
                                    + " may fail when it first tries to.",
                            "Give the path to the user that the service runs as (uid and gid"
                                    + " options of a tmpfs, the owner of a volume's directory), or"
                                    + " make room.");
            case EXPIRED_WAIVER ->
                    new SarifRule(
                            kind.label(),
                            "ExpiredWaiver",
                            Severity.MEDIUM,
                            kind.meaning(),
                            "What it waived is reported again as a finding of its own.",
                            "Fix what was waived, or decide again: set a new expiry.",
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
                "Nothing wrong was seen, but not all was proved that has to be read-only.",
                "No witness could answer for this container: the image has no shell, the container"
                        + " is paused, or a probe took too long. It is not known to be read-only,"
                        + " and does not count as compliant.",
                "Do as the message says, so that a witness can answer.",
                new WaiverHelp("What is not known cannot be waived.", ""),
                List.of());
    }
}
