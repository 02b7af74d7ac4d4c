package io.github.writeprobe.metrics;

/// The response to one scrape: all metrics as text.
///
/// @param contentType the format of the body
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ScrapeResponse(String contentType, byte[] body) {}
