package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// A response to a client.
@SuppressWarnings("ArrayRecordComponent") // written once, sent, and never compared
record WebResponse(int status, Map<String, String> headers, byte[] body) {
    /// Below this, compression saves no packet.
    private static final int MIN_COMPRESSED_LENGTH = 1024;

    static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    WebResponse {
        headers = Map.copyOf(headers);
        requireNonNull(body);
    }

    static WebResponse text(int status, String text) {
        return of(status, new WebDocument(PLAIN_TEXT, (text + "\n").getBytes(UTF_8)));
    }

    static WebResponse of(int status, WebDocument document) {
        return new WebResponse(
                status, Map.of("Content-Type", document.contentType()), document.bytes());
    }

    /// A copy with one more header.
    WebResponse withHeader(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new WebResponse(status, more, body);
    }

    /// Tells the client to try again later.
    static WebResponse busy() {
        return text(503, "Too busy; try again later.").withHeader("Retry-After", "5");
    }

    static WebResponse methodNotAllowed(Stream<String> allowed) {
        String methods = allowed.collect(Collectors.joining(", "));
        return text(405, "Method not allowed. Allowed methods: " + methods + ".")
                .withHeader("Allow", methods);
    }

    /// A copy with a compressed body, if the client accepts that and the body is large enough.
    WebResponse compressIfAccepted(String acceptEncoding) {
        WebResponse varying = withHeader("Vary", "Accept-Encoding");
        return body.length > MIN_COMPRESSED_LENGTH && AcceptEncoding.acceptsGzip(acceptEncoding)
                ? new WebResponse(
                        status,
                        varying.withHeader("Content-Encoding", "gzip").headers(),
                        gzip(body))
                : varying;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
