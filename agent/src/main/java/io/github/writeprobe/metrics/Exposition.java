package io.github.writeprobe.metrics;

/// All metrics at one moment, written down.
///
/// @param contentType of the format that was agreed on
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Exposition(String contentType, byte[] body) {}
