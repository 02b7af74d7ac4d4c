package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.recommend.known.KnownSetting;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import io.github.writeprobe.recommend.observe.WriteEvidenceSource;
import io.github.writeprobe.recommend.propose.KnownImageMatcher.RecognisedImage;
import io.github.writeprobe.recommend.propose.ProposalItem.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Chooses settings that prevent writes. A variable that the user has set keeps its value.
final class SettingChooser {
    /// @param settings sorted by name
    /// @param prevented what the settings prevent
    record Chosen(List<Setting> settings, Set<WriteEvidence> prevented, List<String> notes) {}

    private final ProposalTarget subject;
    private final List<WriteEvidence> traces;
    private final TreeMap<String, Setting> settings = new TreeMap<>();
    private final Set<WriteEvidence> prevented = new HashSet<>();
    private final List<String> notes = new ArrayList<>();

    /// @param traces writes to the root filesystem
    SettingChooser(ProposalTarget subject, List<WriteEvidence> traces) {
        this.subject = subject;
        this.traces = traces;
    }

    Chosen choose(List<RecognisedImage> recognised) {
        for (RecognisedImage kind : recognised) {
            kind.image().settings().forEach(setting -> consider(kind, setting));
        }
        return new Chosen(List.copyOf(settings.values()), prevented, notes);
    }

    private void consider(RecognisedImage kind, KnownSetting known) {
        // What a clone wrote is not prevented: the clone had the setting.
        List<WriteEvidence> affected =
                traces.stream()
                        .filter(t -> !t.sources().contains(WriteEvidenceSource.PROOF))
                        .filter(t -> known.prevents(t.path()))
                        .toList();
        if (!known.always() && affected.isEmpty()) {
            return;
        }
        Optional<String> current = Optional.ofNullable(subject.environment().get(known.variable()));
        if (isAlreadySet(known, current)) {
            return;
        }
        if (current.isPresent() && !known.join()) {
            if (!current.get().equals(known.value())) {
                notes.add(
                        known.variable()
                                + " is set to another value than "
                                + known.value()
                                + ", which would prevent some writes; it is not changed");
            }
            return;
        }
        settings.merge(
                known.variable(),
                setting(kind, known, current, affected),
                known.join() ? SettingChooser::merge : (first, second) -> first);
        prevented.addAll(affected);
    }

    /// Whether the command or the variable already has the value, or a word that does the same.
    private boolean isAlreadySet(KnownSetting known, Optional<String> current) {
        Set<String> words = new HashSet<>();
        subject.command().forEach(argument -> words.addAll(words(argument)));
        current.ifPresent(value -> words.addAll(words(value)));
        boolean isPresent =
                known.join() && current.filter(v -> words(v).contains(known.value())).isPresent();
        return isPresent
                || known.unless().stream()
                        .anyMatch(u ->
                                words.stream().anyMatch(w -> w.equals(u) || w.startsWith(u + "=")));
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split("\\s+", -1));
    }

    private static Setting setting(
            RecognisedImage kind,
            KnownSetting known,
            Optional<String> current,
            List<WriteEvidence> affected) {
        String value =
                current.filter(v -> known.join() && !v.isBlank())
                        .map(v -> v + " " + known.value())
                        .orElse(known.value());
        List<ProposalItemEvidence> evidence =
                new ArrayList<>(WriteEvidenceWording.evidence(affected));
        evidence.add(
                new ProposalItemEvidence(
                        WriteEvidenceSource.KNOWN,
                        kind.image().name()
                                + ", matched by "
                                + kind.matchedBy()
                                + " ("
                                + kind.image().source()
                                + ")"));
        return new Setting(known.variable(), value, known.cost(), evidence);
    }

    /// Combines two settings that add a word to the same variable.
    private static Setting merge(Setting first, Setting second) {
        String word = second.value().substring(second.value().lastIndexOf(' ') + 1);
        List<ProposalItemEvidence> evidence = new ArrayList<>(first.evidence());
        evidence.addAll(second.evidence());
        String cost =
                first.cost().isEmpty() || second.cost().isEmpty()
                        ? first.cost() + second.cost()
                        : first.cost() + "; " + second.cost();
        return new Setting(first.variable(), first.value() + " " + word, cost, evidence);
    }
}
