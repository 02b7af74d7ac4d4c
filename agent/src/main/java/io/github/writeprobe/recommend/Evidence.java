package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

/// Why a line of a proposal is there.
///
/// @param text for people, a sentence without a full stop: "nginx wrote /run/nginx.pid". May hold a
///   stranger's text
public record Evidence(Source source, String text) {
    public Evidence {
        requireNonNull(source);
        requireNonNull(text);
    }
}
