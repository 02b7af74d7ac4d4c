package io.github.writeprobe.docker.archive;

import io.github.writeprobe.docker.inspect.AbsolutePaths;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.HttpTransport;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.cache.LruMap;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// A container's files, read through the engine's archive calls, which `docker cp` uses.
///
/// This shows the container's own layer and its volumes, also while the container does not run. It
/// does not show a tmpfs, or a mount that the engine does not know. A listing has no sockets. An
/// instance caches what it reads, so it is meant for short use.
public final class DockerArchiveFileLookup implements FileLookup {
    /// The kernel follows as many symbolic links.
    private static final int MAX_SYMLINKS = 40;

    private static final int MAX_CACHED_PATHS = 2_000;

    /// The engine sends the whole tree below a directory. This is enough for one with a few big
    /// files, and takes about a second.
    private static final long MAX_BYTES = 256L << 20;

    private static final int MAX_ENTRIES = 50_000;
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(20);
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int OK = 200;
    private static final int MISSING = 404;

    private final EngineCallExecutor calls;
    private final String container;
    private final Map<String, Optional<DockerPathStatHeader>> statCache =
            Collections.synchronizedMap(new LruMap<>(MAX_CACHED_PATHS));

    public DockerArchiveFileLookup(EngineCallExecutor calls, String container) {
        this.calls = calls;
        this.container = container;
    }

    @Override
    public Optional<FileFacts> file(String path) {
        return query(calls.timeout(), () -> facts(path));
    }

    @Override
    public Optional<Listing> list(String path, int maxEntries) {
        return query(LIST_TIMEOUT, () -> listDirectory(path, maxEntries));
    }

    /// The type of a file, found by one cheap call. Symbolic links are not followed.
    public Optional<FileType> type(String path) {
        return query(
                calls.timeout(),
                () -> stat(AbsolutePaths.normalize(path)).map(DockerPathStatHeader::type));
    }

    /// The properties of a regular file, found by one cheap call; empty for anything else.
    public Optional<DockerPathStatHeader> regularFile(String path) {
        return query(
                calls.timeout(),
                () ->
                        stat(AbsolutePaths.normalize(path))
                                .filter(stat -> stat.type() == FileType.REGULAR));
    }

    /// If the engine does not answer, the result is empty; a later query may succeed.
    private <T> Optional<T> query(Duration limit, Callable<Optional<T>> supplier) {
        if (!ContainerReferenceValidator.isValid(container)) {
            return Optional.empty();
        }
        try {
            return calls.execute("GET /containers/ID/archive", limit, supplier);
        } catch (EngineUnavailable e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<FileFacts> facts(String path) throws IOException, EngineUnavailable {
        Optional<String> resolved = resolve(path);
        if (resolved.isEmpty()) {
            return Optional.empty();
        }
        Optional<DockerPathStatHeader> stat = stat(resolved.get());
        if (stat.isEmpty()) {
            return Optional.empty();
        }
        ArchiveScan scan = new ArchiveScan(1, 1, CHUNK_BYTES);
        readArchive(resolved.get(), scan);
        return Optional.of(
                scan.entries.stream()
                        .findFirst()
                        .map(entry -> facts(resolved.get(), entry))
                        // An archive cannot contain a socket, so its owner is unknown.
                        .orElseGet(() ->
                                new FileFacts(
                                        resolved.get(),
                                        stat.get().type(),
                                        stat.get().mode(),
                                        0,
                                        0,
                                        0,
                                        "")));
    }

    private Optional<Listing> listDirectory(String path, int maxEntries)
            throws IOException, EngineUnavailable {
        Optional<String> resolved = resolve(path);
        if (resolved.isEmpty()
                || stat(resolved.get())
                        .map(DockerPathStatHeader::type)
                        .filter(FileType.DIRECTORY::equals)
                        .isEmpty()) {
            return Optional.empty();
        }
        ArchiveScan scan = new ArchiveScan(2, maxEntries, MAX_BYTES);
        boolean whole = readArchive(resolved.get() + "/.", scan);
        List<FileFacts> entries =
                scan.entries.stream()
                        .map(entry ->
                                facts(
                                        AbsolutePaths.child(
                                                resolved.get(),
                                                ArchiveScan.pathComponents(entry).getLast()),
                                        entry))
                        .toList();
        return Optional.of(new Listing(entries, whole));
    }

    /// Collects the entries of an archive down to some depth.
    private static final class ArchiveScan {
        private final int depth;
        private final int maxEntries;
        private final long maxBytes;
        private final List<TarReader.Entry> entries = new ArrayList<>();
        private int entriesSeen;
        private boolean full;

        /// @param depth 1 for the file itself; 2 for the entries of a directory, without the
        ///   directory
        ArchiveScan(int depth, int maxEntries, long maxBytes) {
            this.depth = depth;
            this.maxEntries = maxEntries;
            this.maxBytes = maxBytes;
        }

        void accept(TarReader.Entry entry) {
            entriesSeen++;
            if (entriesSeen > MAX_ENTRIES) {
                full = true;
            } else if (depth == 1 || pathComponents(entry).size() == depth - 1) {
                full |= entries.size() == maxEntries;
                if (!full) {
                    entries.add(entry);
                }
            }
        }

        static List<String> pathComponents(TarReader.Entry entry) {
            return Arrays.stream(entry.name().split("/"))
                    .filter(name -> !name.isEmpty() && !name.equals("."))
                    .toList();
        }
    }

    /// @return whether the archive was read to its end
    private boolean readArchive(String path, ArchiveScan scan)
            throws IOException, EngineUnavailable {
        try (HttpTransport.Stream stream =
                calls.api().stream(
                        "/containers/"
                                + container
                                + "/archive?path="
                                + AbsolutePaths.urlEncode(path))) {
            if (!stream.isOk()) {
                return false;
            }
            TarReader tar = new TarReader(scan::accept);
            InputStream body = stream.body();
            byte[] chunk = new byte[CHUNK_BYTES];
            long bytes = 0;
            int n;
            while (!scan.full && bytes < scan.maxBytes && (n = body.read(chunk)) > 0) {
                tar.accept(chunk, 0, n);
                bytes += n;
                if (scan.depth == 1 && !scan.entries.isEmpty()) {
                    return true;
                }
            }
            return tar.isComplete() && !scan.full;
        }
    }

    private static FileFacts facts(String path, TarReader.Entry entry) {
        FileType type =
                switch (entry.type()) {
                    case '0', '1', '7' -> FileType.REGULAR;
                    case '2' -> FileType.SYMLINK;
                    case '3', '4' -> FileType.DEVICE;
                    case '5' -> FileType.DIRECTORY;
                    case '6' -> FileType.FIFO;
                    default -> FileType.UNKNOWN;
                };
        return new FileFacts(
                path,
                type,
                entry.mode(),
                entry.uid(),
                entry.gid(),
                type == FileType.REGULAR ? entry.bytes() : 0,
                type == FileType.SYMLINK ? entry.target() : "",
                Optional.of(Instant.ofEpochSecond(entry.modified())));
    }

    /// Resolves symbolic links; empty if there is no such file, or if the links form a loop.
    private Optional<String> resolve(String path) throws IOException, EngineUnavailable {
        String remaining = AbsolutePaths.normalize(path);
        String resolved = "/";
        int links = 0;
        while (!remaining.equals("/")) {
            int slash = remaining.indexOf('/', 1);
            String name = slash < 0 ? remaining.substring(1) : remaining.substring(1, slash);
            remaining = slash < 0 ? "/" : remaining.substring(slash);
            String next = AbsolutePaths.child(resolved, name);
            Optional<DockerPathStatHeader> stat = stat(next);
            if (stat.isEmpty()) {
                return Optional.empty();
            }
            if (stat.get().type() != FileType.SYMLINK) {
                resolved = next;
                continue;
            }
            if (++links > MAX_SYMLINKS || stat.get().target().isEmpty()) {
                return Optional.empty();
            }
            String target = stat.get().target();
            remaining =
                    AbsolutePaths.normalize(
                            (target.startsWith("/") ? target : resolved + "/" + target)
                                    + remaining);
            resolved = "/";
        }
        return Optional.of(resolved);
    }

    private Optional<DockerPathStatHeader> stat(String path) throws IOException, EngineUnavailable {
        Optional<DockerPathStatHeader> known = statCache.get(path);
        if (known != null) {
            return known;
        }
        HttpTransport.Head head =
                calls.api()
                        .head(
                                "/containers/"
                                        + container
                                        + "/archive?path="
                                        + AbsolutePaths.urlEncode(path));
        Optional<DockerPathStatHeader> stat =
                head.header("X-Docker-Container-Path-Stat")
                        .filter(header -> head.status() == OK)
                        .flatMap(DockerPathStatHeader::parse);
        if (stat.isPresent() || head.status() == MISSING) {
            statCache.put(path, stat);
        }
        return stat;
    }
}
