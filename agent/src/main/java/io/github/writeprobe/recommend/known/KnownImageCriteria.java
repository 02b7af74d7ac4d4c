package io.github.writeprobe.recommend.known;

import java.util.Map;

/// How a known image is recognised: patterns for some fields, all of which must match.
public record KnownImageCriteria(Map<Field, String> patterns) {
    public enum Field {
        /// The repository without registry, tag and digest; or only its last component.
        IMAGE("image"),
        /// The program that the container runs, without its directory; or the name of a process
        /// that wrote.
        COMMAND("command"),
        /// `NAME`, or `NAME=VALUE`.
        ENVIRONMENT("environment"),
        /// `KEY`, or `KEY=VALUE`, of the container or its image.
        LABEL("label"),
        /// A path that exists. A relative name is looked up in the working directory and in the
        /// directory of the program.
        FILE("file"),
        /// A path that was written.
        WRITTEN("written");

        private final String label;

        Field(String label) {
            this.label = label;
        }

        /// The key in the data file.
        public String label() {
            return label;
        }
    }

    public KnownImageCriteria {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("an image pattern without fields");
        }
        patterns = Map.copyOf(patterns);
    }
}
