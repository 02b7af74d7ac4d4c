package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Copies files from one container to another, through this process: so nothing of the original is
/// mounted anywhere else, and it works with an engine on another machine.
final class FileCopier {
    static final String TAR = "application/x-tar";

    /// A copy must not take the room that others need.
    private static final long LEFT_FREE = 1L << 30;

    private static final int TIMES = 3;

    private final EngineCalls calls;
    private final Optional<Path> disk;

    /// @param info the engine's `GET /info`
    FileCopier(EngineCalls calls, JsonNode info) {
        this.calls = calls;
        this.disk = disk(calls, info);
    }

    /// Where the engine keeps its volumes, if that is on this machine.
    private static Optional<Path> disk(EngineCalls calls, JsonNode info) {
        String root = info.path("DockerRootDir").asText("");
        try {
            return calls.api().endpoint().unix() && root.startsWith("/")
                    ? Optional.of(Path.of(root)).filter(Files::isDirectory)
                    : Optional.empty();
        } catch (InvalidPathException none) {
            return Optional.empty();
        }
    }

    /// To be called on a thread of [EngineCalls].
    ///
    /// @param path of the original
    /// @param into the directory of the other container that gets it, by its last name
    CopyResult copy(String original, String path, String other, String into, long limit)
            throws IOException, EngineUnavailable {
        CopyResult copied = once(original, path, other, into, limit);
        for (int i = 1; i < TIMES && copied instanceof CopyResult.Torn; i++) {
            copied = once(original, path, other, into, limit);
        }
        return copied;
    }

    private CopyResult once(String original, String path, String other, String into, long limit)
            throws IOException, EngineUnavailable {
        try (HttpTransport.Stream source =
                calls.api().stream(
                        "/containers/" + original + "/archive?path=" + AbsolutePaths.query(path))) {
            if (!source.ok()) {
                return new CopyResult.Failed(source.refusal().message());
            }
            ThrottledArchiveStream archive =
                    new ThrottledArchiveStream(source.body(), limit, this::room);
            try {
                EngineResponse answer =
                        calls.api()
                                .put(
                                        "/containers/"
                                                + other
                                                + "/archive?path="
                                                + AbsolutePaths.query(into),
                                        TAR,
                                        archive);
                if (archive.torn()) {
                    return new CopyResult.Torn();
                }
                return answer.ok()
                        ? new CopyResult.Done(archive.bytes())
                        : failed(answer.message());
            } catch (IOException e) {
                if (archive.tooLarge()) {
                    return new CopyResult.TooLarge();
                }
                if (archive.noRoom()) {
                    return new CopyResult.NoRoom();
                }
                throw e;
            }
        }
    }

    private static CopyResult failed(String why) {
        return why.contains("no space left on device") || why.contains("disk quota exceeded")
                ? new CopyResult.NoRoom()
                : new CopyResult.Failed(why);
    }

    private boolean room() {
        try {
            return disk.isEmpty() || Files.getFileStore(disk.get()).getUsableSpace() > LEFT_FREE;
        } catch (IOException unknown) {
            return true;
        }
    }
}
