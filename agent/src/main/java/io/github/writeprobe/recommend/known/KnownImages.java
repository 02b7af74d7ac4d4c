package io.github.writeprobe.recommend.known;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All that is known beforehand.
///
/// @param images every one that is recognised counts; where two speak of the same path, the first
public record KnownImages(List<KnownImage> images, PathHints hints) {
    public static final KnownImages EMPTY = new KnownImages(List.of(), PathHints.NONE);

    public KnownImages {
        images = List.copyOf(images);
        requireNonNull(hints);
    }

    /// This and more, which comes first: an image with the name of one that is here takes its
    /// place.
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
