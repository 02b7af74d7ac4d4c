package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything that is known in advance.
///
/// @param images all that match apply; if several match the same path, the first applies
public record KnownImages(List<KnownImage> images, AnyImageHints hints) {
    public static final KnownImages EMPTY = new KnownImages(List.of(), AnyImageHints.NONE);

    public KnownImages {
        images = List.copyOf(images);
        requireNonNull(hints);
    }

    /// Adds images and hints, which come first. An image with the name of an existing one replaces
    /// it.
    public KnownImages with(KnownImages more) {
        Set<String> replaced =
                more.images.stream().map(KnownImage::name).collect(Collectors.toSet());
        return new KnownImages(
                Stream.concat(
                                more.images.stream(),
                                images.stream().filter(i -> !replaced.contains(i.name())))
                        .toList(),
                hints.with(more.hints));
    }
}
