package io.github.writeprobe.report.html;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/// The page's style sheet and script, and the Content-Security-Policy that allows a browser these
/// two and nothing else.
///
/// @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy</a>
public record InlinedAssets(String css, String script) {
    static final InlinedAssets INSTANCE =
            new InlinedAssets(resource("page.css"), resource("page.js"));

    private static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(InlinedAssets.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The policy for a `meta` element: without the directives that are valid only in a header.
    public String policy() {
        return "default-src 'none'; style-src "
                + hash(css)
                + "; script-src "
                + hash(script)
                + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
