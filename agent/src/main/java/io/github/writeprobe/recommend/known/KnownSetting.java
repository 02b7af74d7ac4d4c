package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.policy.Glob;
import java.util.List;

/// An environment variable that prevents writes.
///
/// @param join whether the value is a word that is added to the words in the variable
/// @param always whether it is proposed even if no such write was seen
/// @param prevents patterns of the paths that are not written with this setting
/// @param unless words in the command or the variable that already do the same
/// @param cost for people, what you lose with this setting; empty if nothing
public record KnownSetting(
        String variable,
        String value,
        boolean join,
        boolean always,
        List<String> prevents,
        List<String> unless,
        String cost) {
    public KnownSetting {
        requireNonNull(variable);
        requireNonNull(value);
        prevents = List.copyOf(prevents);
        unless = List.copyOf(unless);
        requireNonNull(cost);
    }

    public boolean prevents(String path) {
        return prevents.stream().anyMatch(p -> Glob.matches(p, path));
    }
}
