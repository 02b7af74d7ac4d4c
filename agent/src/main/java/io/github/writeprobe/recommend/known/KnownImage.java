package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What is known of images of one kind.
///
/// @param name for people, and by which a user's file replaces it
/// @param source where it is known from
/// @param patterns any of which tells that an image is of this kind
/// @param notes for people, what to look at; each a sentence
public record KnownImage(
        String name,
        String source,
        List<ImagePattern> patterns,
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
