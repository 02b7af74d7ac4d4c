package io.github.writeprobe.docker.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.writeprobe.probes.writes.FileType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;

/// A file's properties from the header `X-Docker-Container-Path-Stat`.
///
/// @param mode permission bits, with setuid, setgid and sticky
/// @param target of a symbolic link, as the engine resolves it; otherwise empty
/// @param modified when it was modified; empty if the engine does not report it
/// @see <a
///   href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerArchiveInfo">the
///   API's description</a>
public record DockerPathStatHeader(
        FileType type, int mode, long bytes, String target, Optional<Instant> modified) {
    private static final JsonMapper JSON = new JsonMapper();

    // The bits of Go's os.FileMode.
    private static final long DIRECTORY = 1L << 31;
    private static final long LINK = 1L << 27;
    private static final long DEVICE = 1L << 26;
    private static final long FIFO = 1L << 25;
    private static final long SOCKET = 1L << 24;
    private static final long SETUID = 1L << 23;
    private static final long SETGID = 1L << 22;
    private static final long STICKY = 1L << 20;

    /// @param header Base64 of JSON; the result is empty for anything else
    static Optional<DockerPathStatHeader> parse(String header) {
        try {
            JsonNode json = JSON.readTree(Base64.getDecoder().decode(header.strip()));
            long mode = json.path("mode").asLong(0);
            return json.hasNonNull("mode")
                    ? Optional.of(
                            new DockerPathStatHeader(
                                    type(mode),
                                    (int) (mode & 0777)
                                            | posixBit(mode, SETUID, 04000)
                                            | posixBit(mode, SETGID, 02000)
                                            | posixBit(mode, STICKY, 01000),
                                    json.path("size").asLong(0),
                                    json.path("linkTarget").asText(""),
                                    time(json.path("mtime").asText(""))))
                    : Optional.empty();
        } catch (IllegalArgumentException | IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static int posixBit(long mode, long goBit, int posix) {
        return (mode & goBit) != 0 ? posix : 0;
    }

    private static FileType type(long mode) {
        if ((mode & DIRECTORY) != 0) {
            return FileType.DIRECTORY;
        }
        if ((mode & LINK) != 0) {
            return FileType.SYMLINK;
        }
        if ((mode & SOCKET) != 0) {
            return FileType.SOCKET;
        }
        if ((mode & FIFO) != 0) {
            return FileType.FIFO;
        }
        return (mode & DEVICE) != 0 ? FileType.DEVICE : FileType.REGULAR;
    }
}
