package io.github.writeprobe.recommend.known;

import java.util.Map;

/// By what an image is recognised: a pattern for each of some fields, all of which have to match.
public record ImagePattern(Map<Field, String> patterns) {
    public enum Field {
        /// The repository, without registry, tag and digest; also its last component alone.
        IMAGE("image"),
        /// The program that the container runs, without its directory; also the name of a process
        /// that wrote.
        COMMAND("command"),
        /// `NAME`, or `NAME=VALUE`.
        ENVIRONMENT("environment"),
        /// `KEY`, or `KEY=VALUE`, of the container or its image.
        LABEL("label"),
        /// A path that is there. Without a slash at its beginning it is looked for in the working
        /// directory, and where the program is.
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

    public ImagePattern {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("a sign of nothing");
        }
        patterns = Map.copyOf(patterns);
    }
}
