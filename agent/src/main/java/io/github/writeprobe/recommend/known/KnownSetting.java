package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.policy.Glob;
import java.util.List;

/// An environment variable that switches writes off.
///
/// @param join whether the value is one of several words in the variable, and is added to what is
///   there
/// @param always whether it is set even if no such write was seen
/// @param prevents patterns of the paths that are not written then
/// @param unless words, in the command or the variable, that do the same already
/// @param cost for people, what is given up; empty if nothing
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
