package io.github.writeprobe.config;

import io.github.writeprobe.recommend.known.KnownImageCriteria;
import java.util.Arrays;
import java.util.List;

/// The keys of a file of known images, in the order in which they are written.
final class KnownImagesFileKeys {
    static final List<String> TOP = List.of("images", "hints");
    static final List<String> IMAGE =
            List.of("name", "source", "match", "paths", "settings", "notes");
    static final List<String> MATCH =
            Arrays.stream(KnownImageCriteria.Field.values())
                    .map(KnownImageCriteria.Field::label)
                    .toList();
    static final List<String> PATH = List.of("path", "is", "because", "always", "execute");
    static final List<String> SETTING =
            List.of("variable", "value", "join", "always", "prevents", "unless", "cost");
    static final List<String> HINTS = List.of("paths", "directories", "wrappers");
    static final List<String> HINT = List.of("path", "is", "because");
    static final List<String> DIRECTORIES =
            List.of("general", "whole", "volatile", "shared", "bystanders", "data");
    static final List<String> DATA = List.of("file", "because");

    private KnownImagesFileKeys() {}
}
