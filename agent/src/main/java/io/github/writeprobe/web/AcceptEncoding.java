package io.github.writeprobe.web;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an Accept-Encoding header allows.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.accept-encoding">RFC 9110</a>
final class AcceptEncoding {
    private static final Pattern CODING =
            Pattern.compile(
                    "([!#$%&'*+.^_`|~0-9a-z-]+)(?:\\s*;\\s*q\\s*=\\s*([01](?:\\.[0-9]*)?))?");

    private AcceptEncoding() {}

    /// Whether the client can read gzip; what makes no sense in the header is passed over.
    static boolean acceptGzip(String header) {
        Optional<Double> named = Optional.empty();
        Optional<Double> others = Optional.empty();
        for (String coding : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            Matcher matcher = CODING.matcher(coding.strip());
            if (matcher.matches()) {
                double quality =
                        Optional.ofNullable(matcher.group(2)).map(Double::valueOf).orElse(1.0);
                switch (matcher.group(1)) {
                    case "gzip", "x-gzip" -> named = Optional.of(quality);
                    case "*" -> others = Optional.of(quality);
                    default -> {}
                }
            }
        }
        double unnamed = others.orElse(0.0);
        return named.orElse(unnamed) > 0;
    }
}
