package io.github.writeprobe.web;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses the Accept-Encoding header.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding">RFC 9110</a>
final class AcceptEncoding {
    private static final Pattern CODING =
            Pattern.compile(
                    "([!#$%&'*+.^_`|~0-9a-z-]+)(?:\\s*;\\s*q\\s*=\\s*([01](?:\\.[0-9]*)?))?");

    private AcceptEncoding() {}

    /// Whether the client accepts gzip. Invalid parts of the header are ignored.
    static boolean acceptsGzip(String header) {
        Optional<Double> gzipQuality = Optional.empty();
        Optional<Double> wildcardQuality = Optional.empty();
        for (String coding : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            Matcher matcher = CODING.matcher(coding.strip());
            if (matcher.matches()) {
                double quality =
                        Optional.ofNullable(matcher.group(2)).map(Double::valueOf).orElse(1.0);
                switch (matcher.group(1)) {
                    case "gzip", "x-gzip" -> gzipQuality = Optional.of(quality);
                    case "*" -> wildcardQuality = Optional.of(quality);
                    default -> {}
                }
            }
        }
        double defaultQuality = wildcardQuality.orElse(0.0);
        return gzipQuality.orElse(defaultQuality) > 0;
    }
}
