package io.github.writeprobe.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Entity tags, so that a client does not receive again what it already has.
///
/// They are weak, because the same text is sent both compressed and uncompressed.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.etag">RFC 9110</a>
final class EntityTags {
    private static final int DIGITS = 32;

    private EntityTags() {}

    static String of(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "W/\"" + HexFormat.of().formatHex(digest).substring(0, DIGITS) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// @param header If-None-Match; empty if there is none
    static boolean matches(String header, String tag) {
        String opaqueTag = tag.replaceFirst("^W/", "");
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .anyMatch(t -> t.equals("*") || t.replaceFirst("^W/", "").equals(opaqueTag));
    }
}
