package io.github.writeprobe.web;

import static java.util.Objects.requireNonNull;

/// A document to serve.
///
/// @param contentType the value of the header Content-Type, with the character set
/// @param bytes must not be modified
@SuppressWarnings("ArrayRecordComponent") // written once, sent, and never compared
public record WebDocument(String contentType, byte[] bytes) {
    public WebDocument {
        requireNonNull(contentType);
        requireNonNull(bytes);
    }
}
