package io.github.writeprobe.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the known word that is closest to a mistyped one.
final class SpellingSuggestion {
    /// Longer than any known word with its typing errors. Limits the work on untrusted text.
    private static final int MAX_LENGTH = 40;

    private SpellingSuggestion() {}

    static Optional<String> find(String typed, Collection<String> known) {
        if (typed.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String normalised = typed.toLowerCase(Locale.ROOT).replace('_', '-');
        return known.stream()
                .filter(k -> distance(normalised, k) <= Math.max(1, k.length() / 3))
                .min(Comparator.comparingInt(k -> distance(normalised, k)));
    }

    /// How many insertions, deletions and replacements turn one word into the other.
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
