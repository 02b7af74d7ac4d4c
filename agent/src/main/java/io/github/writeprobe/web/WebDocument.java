package io.github.writeprobe.web;

import static java.util.Objects.requireNonNull;

/// Something to show.
///
/// @param contentType as the header has it, with the character set
/// @param bytes are not changed by whoever holds them
@SuppressWarnings("ArrayRecordComponent") // written once, sent, and never compared
public record WebDocument(String contentType, byte[] bytes) {
    public WebDocument {
        requireNonNull(contentType);
        requireNonNull(bytes);
    }
}
