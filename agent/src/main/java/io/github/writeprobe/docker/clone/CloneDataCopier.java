package io.github.writeprobe.docker.clone;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.archive.ThrottledArchiveStream;
import io.github.writeprobe.docker.inspect.AbsolutePaths;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.EngineUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Copies files from one container to another, through this process. So nothing of the original is
/// mounted elsewhere, and copying also works with an engine on another host.
final class CloneDataCopier {
    static final String TAR_CONTENT_TYPE = "application/x-tar";

    /// A copy must leave this much space for others.
    private static final long MIN_FREE_BYTES = 1L << 30;

    private static final int MAX_ATTEMPTS = 3;

    private final EngineCallExecutor calls;
    private final Optional<Path> volumeRoot;

    /// @param info the answer to `GET /info`
    CloneDataCopier(EngineCallExecutor calls, JsonNode info) {
        this.calls = calls;
        this.volumeRoot = volumeRoot(calls, info);
    }

    /// The directory in which the engine keeps its volumes, if it is on this host.
    private static Optional<Path> volumeRoot(EngineCallExecutor calls, JsonNode info) {
        String root = info.path("DockerRootDir").asText("");
        try {
            return calls.api().endpoint().isUnix() && root.startsWith("/")
                    ? Optional.of(Path.of(root)).filter(Files::isDirectory)
                    : Optional.empty();
        } catch (InvalidPathException none) {
            return Optional.empty();
        }
    }

    /// Copies a file or directory. Call it on a thread of [EngineCallExecutor].
    ///
    /// @param path in the original
    /// @param targetDirectory the directory in the other container that receives it, under its last
    ///   name
    CopyResult copy(String original, String path, String target, String targetDirectory, long limit)
            throws IOException, EngineUnavailable {
        CopyResult result = attempt(original, path, target, targetDirectory, limit);
        for (int i = 1; i < MAX_ATTEMPTS && result instanceof CopyResult.Truncated; i++) {
            result = attempt(original, path, target, targetDirectory, limit);
        }
        return result;
    }

    private CopyResult attempt(
            String original, String path, String target, String targetDirectory, long limit)
            throws IOException, EngineUnavailable {
        try (HttpTransport.Stream source =
                calls.api().stream(
                        "/containers/"
                                + original
                                + "/archive?path="
                                + AbsolutePaths.urlEncode(path))) {
            if (!source.isOk()) {
                return new CopyResult.Failed(source.refusal().message());
            }
            ThrottledArchiveStream archive =
                    new ThrottledArchiveStream(source.body(), limit, this::hasSpace);
            try {
                EngineResponse answer =
                        calls.api()
                                .put(
                                        "/containers/"
                                                + target
                                                + "/archive?path="
                                                + AbsolutePaths.urlEncode(targetDirectory),
                                        TAR_CONTENT_TYPE,
                                        archive);
                if (archive.isTruncated()) {
                    return new CopyResult.Truncated();
                }
                return answer.isOk()
                        ? new CopyResult.Done(archive.bytes())
                        : failure(answer.message());
            } catch (IOException e) {
                if (archive.isTooLarge()) {
                    return new CopyResult.TooLarge();
                }
                if (archive.isDiskFull()) {
                    return new CopyResult.DiskFull();
                }
                throw e;
            }
        }
    }

    private static CopyResult failure(String reason) {
        return reason.contains("no space left on device") || reason.contains("disk quota exceeded")
                ? new CopyResult.DiskFull()
                : new CopyResult.Failed(reason);
    }

    private boolean hasSpace() {
        try {
            return volumeRoot.isEmpty()
                    || Files.getFileStore(volumeRoot.get()).getUsableSpace() > MIN_FREE_BYTES;
        } catch (IOException unknown) {
            return true;
        }
    }
}
