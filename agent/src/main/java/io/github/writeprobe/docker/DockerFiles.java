package io.github.writeprobe.docker;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileType;
import io.github.writeprobe.probes.writes.FileView;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// A container's files, asked of the engine by its archive calls, which `docker cp` uses.
///
/// It sees what the container's own layer and its volumes hold, also while the container does not
/// run; not what is in a tmpfs, nor what else is mounted without the engine's knowledge. A listing
/// lacks sockets. One view remembers what it has seen: it is for a moment, not for long.
final class DockerFiles implements FileView {
    /// As many symbolic links as the kernel follows.
    private static final int MOST_LINKS = 40;

    private static final int REMEMBERED = 2_000;

    /// The engine sends the whole tree below a directory. Enough for one with a few big files in
    /// it, and over in a second.
    private static final long MOST_BYTES = 256L << 20;

    private static final int MOST_ENTRIES = 50_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int CHUNK = 64 << 10;
    private static final int OK = 200;
    private static final int MISSING = 404;

    private final EngineCalls calls;
    private final String container;
    private final Map<String, Optional<PathStat>> seen = Collections.synchronizedMap(new Recent());

    private static final class Recent extends LinkedHashMap<String, Optional<PathStat>> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<PathStat>> eldest) {
            return size() > REMEMBERED;
        }
    }

    DockerFiles(EngineCalls calls, String container) {
        this.calls = calls;
        this.container = container;
    }

    @Override
    public Optional<FileFacts> file(String path) {
        return told(calls.timeout(), () -> facts(path));
    }

    @Override
    public Optional<Listing> list(String path, int most) {
        return told(LIMIT, () -> listing(path, most));
    }

    /// The type of a file, by one cheap call; a symbolic link itself, if it is one.
    Optional<FileType> type(String path) {
        return told(calls.timeout(), () -> stat(AbsolutePaths.cleaned(path)).map(PathStat::type));
    }

    /// An engine that does not answer leaves the question open, and the next may be answered.
    private <T> Optional<T> told(Duration limit, Callable<Optional<T>> question) {
        if (!UrlReferences.plausible(container)) {
            return Optional.empty();
        }
        try {
            return calls.make("GET /containers/ID/archive", limit, question);
        } catch (EngineUnavailable e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<FileFacts> facts(String path) throws IOException, EngineUnavailable {
        Optional<String> resolved = resolved(path);
        if (resolved.isEmpty()) {
            return Optional.empty();
        }
        Optional<PathStat> stat = stat(resolved.get());
        if (stat.isEmpty()) {
            return Optional.empty();
        }
        Walk walk = new Walk(1, 1, CHUNK);
        read(resolved.get(), walk);
        return Optional.of(
                walk.entries.stream()
                        .findFirst()
                        .map(entry -> facts(resolved.get(), entry))
                        // A socket cannot be in an archive, and nobody else knows its owner.
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

    private Optional<Listing> listing(String path, int most) throws IOException, EngineUnavailable {
        Optional<String> resolved = resolved(path);
        if (resolved.isEmpty()
                || stat(resolved.get())
                        .map(PathStat::type)
                        .filter(FileType.DIRECTORY::equals)
                        .isEmpty()) {
            return Optional.empty();
        }
        Walk walk = new Walk(2, most, MOST_BYTES);
        boolean whole = read(resolved.get() + "/.", walk);
        List<FileFacts> entries =
                walk.entries.stream()
                        .map(entry ->
                                facts(
                                        AbsolutePaths.child(
                                                resolved.get(), Walk.names(entry).getLast()),
                                        entry))
                        .toList();
        return Optional.of(new Listing(entries, whole));
    }

    /// What an archive holds down to some depth.
    private static final class Walk {
        private final int depth;
        private final int most;
        private final long mostBytes;
        private final List<TarReader.Entry> entries = new ArrayList<>();
        private int passed;
        private boolean full;

        /// @param depth 1 for the file itself, 2 for what is in a directory and not for itself
        Walk(int depth, int most, long mostBytes) {
            this.depth = depth;
            this.most = most;
            this.mostBytes = mostBytes;
        }

        void found(TarReader.Entry entry) {
            passed++;
            if (passed > MOST_ENTRIES) {
                full = true;
            } else if (depth == 1 || names(entry).size() == depth - 1) {
                full |= entries.size() == most;
                if (!full) {
                    entries.add(entry);
                }
            }
        }

        static List<String> names(TarReader.Entry entry) {
            return Arrays.stream(entry.name().split("/"))
                    .filter(name -> !name.isEmpty() && !name.equals("."))
                    .toList();
        }
    }

    /// @return whether the archive was read to its end
    private boolean read(String path, Walk walk) throws IOException, EngineUnavailable {
        try (HttpTransport.Stream stream =
                calls.api().stream(
                        "/containers/"
                                + container
                                + "/archive?path="
                                + AbsolutePaths.query(path))) {
            if (!stream.ok()) {
                return false;
            }
            TarReader tar = new TarReader(walk::found);
            InputStream body = stream.body();
            byte[] chunk = new byte[CHUNK];
            long bytes = 0;
            int n;
            while (!walk.full && bytes < walk.mostBytes && (n = body.read(chunk)) > 0) {
                tar.accept(chunk, 0, n);
                bytes += n;
                if (walk.depth == 1 && !walk.entries.isEmpty()) {
                    return true;
                }
            }
            return tar.whole() && !walk.full;
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
                type == FileType.SYMLINK ? entry.target() : "");
    }

    /// The path without symbolic links; empty if there is no such file, or if links lead in
    /// circles.
    private Optional<String> resolved(String path) throws IOException, EngineUnavailable {
        String left = AbsolutePaths.cleaned(path);
        String done = "/";
        int links = 0;
        while (!left.equals("/")) {
            int slash = left.indexOf('/', 1);
            String name = slash < 0 ? left.substring(1) : left.substring(1, slash);
            left = slash < 0 ? "/" : left.substring(slash);
            String next = AbsolutePaths.child(done, name);
            Optional<PathStat> stat = stat(next);
            if (stat.isEmpty()) {
                return Optional.empty();
            }
            if (stat.get().type() != FileType.SYMLINK) {
                done = next;
                continue;
            }
            if (++links > MOST_LINKS || stat.get().target().isEmpty()) {
                return Optional.empty();
            }
            String target = stat.get().target();
            left =
                    AbsolutePaths.cleaned(
                            (target.startsWith("/") ? target : done + "/" + target) + left);
            done = "/";
        }
        return Optional.of(done);
    }

    private Optional<PathStat> stat(String path) throws IOException, EngineUnavailable {
        Optional<PathStat> known = seen.get(path);
        if (known != null) {
            return known;
        }
        HttpTransport.Head head =
                calls.api()
                        .head(
                                "/containers/"
                                        + container
                                        + "/archive?path="
                                        + AbsolutePaths.query(path));
        Optional<PathStat> stat =
                head.header("X-Docker-Container-Path-Stat")
                        .filter(header -> head.status() == OK)
                        .flatMap(PathStat::read);
        if (stat.isPresent() || head.status() == MISSING) {
            seen.put(path, stat);
        }
        return stat;
    }
}
