package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What is known about one kind of image.
///
/// @param name for people. A user's image with the same name replaces this one
/// @param source where this is known from
/// @param patterns one match is enough
/// @param notes for people, what to check; each a sentence
public record KnownImage(
        String name,
        String source,
        List<KnownImageCriteria> patterns,
        List<KnownPath> paths,
        List<KnownSetting> settings,
        List<String> notes) {
    public KnownImage {
        requireNonNull(name);
        requireNonNull(source);
        patterns = List.copyOf(patterns);
        paths = List.copyOf(paths);
        settings = List.copyOf(settings);
        notes = List.copyOf(notes);
    }
}
