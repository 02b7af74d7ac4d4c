package io.github.writeprobe.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads a configuration file as text, and parses it as YAML.
final class YamlFileReader {
    static final int MAX_BYTES = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private YamlFileReader() {}

    /// The text of a file.
    ///
    /// @throws ConfigurationException if it cannot be read, or is not text
    static String readText(Path file) throws ConfigurationException {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            throw unreadable(name, "is a directory; name the file in it");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return readText(in.readNBytes(MAX_BYTES + 1), name);
        } catch (NoSuchFileException e) {
            throw unreadable(name, "does not exist; check the path");
        } catch (AccessDeniedException e) {
            throw unreadable(name, "cannot be read by this user; check its mode and owner");
        } catch (IOException e) {
            throw unreadable(name, "cannot be read: " + QuotedText.truncate(String.valueOf(e)));
        }
    }

    static String readText(byte[] bytes, String name) throws ConfigurationException {
        if (bytes.length > MAX_BYTES) {
            throw unreadable(
                    name, "is larger than 1 MiB; this is not a configuration of writeprobe");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            Mistakes mistakes = new Mistakes(name);
            String found = String.format("0x%02x", bytes[in.position()]);
            mistakes.add(
                    Position.endOf(text),
                    "the byte " + found + " is not valid UTF-8; save the file as UTF-8");
            mistakes.throwIfAny();
        }
        return text;
    }

    private static ConfigurationException unreadable(String name, String reason) {
        return new ConfigurationException(List.of(QuotedText.escape(name) + ": " + reason));
    }

    /// The YAML value of a text; empty if there is none, or if the text is not YAML.
    static Optional<ConfigurationValue> parse(String text, Mistakes mistakes) {
        String yaml = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        return YamlNodeParser.compose(yaml, mistakes)
                .map(root -> new ConfigurationValue("", root, mistakes));
    }
}
