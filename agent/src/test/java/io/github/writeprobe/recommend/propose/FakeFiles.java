package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.probes.writes.FileLookup;
import io.github.writeprobe.probes.writes.FileType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Files that a test defines.
final class FakeFiles implements FileLookup {
    private final TreeMap<String, FileFacts> files = new TreeMap<>();
    private int queries;

    FakeFiles() {
        put("/", FileType.DIRECTORY, 0755, 0, 0, 0, "");
    }

    void put(String path, FileType type, int mode, long uid, long gid, long bytes, String target) {
        for (String above : PathStrings.withAncestors(PathStrings.parent(path))) {
            files.putIfAbsent(above, new FileFacts(above, FileType.DIRECTORY, 0755, 0, 0, 0, ""));
        }
        files.put(path, new FileFacts(path, type, mode, uid, gid, bytes, target));
    }

    /// The file was modified at this time.
    void modify(String path, Instant at) {
        files.computeIfPresent(
                path,
                (key, old) ->
                        new FileFacts(
                                path,
                                old.type(),
                                old.mode(),
                                old.uid(),
                                old.gid(),
                                old.bytes(),
                                old.target(),
                                Optional.of(at)));
    }

    int queries() {
        return queries;
    }

    @Override
    public Optional<FileFacts> file(String path) {
        queries++;
        return Optional.ofNullable(files.get(resolved(path)));
    }

    /// Follows symbolic links in the path.
    private String resolved(String path) {
        for (String at : PathStrings.withAncestors(path).reversed()) {
            FileFacts facts = files.get(at);
            if (facts != null && facts.type() == FileType.SYMLINK) {
                return resolved(facts.target() + path.substring(at.length()));
            }
        }
        return path;
    }

    @Override
    public Optional<Listing> list(String path, int most) {
        queries++;
        String directory = resolved(path);
        if (Optional.ofNullable(files.get(directory))
                .filter(f -> f.type() == FileType.DIRECTORY)
                .isEmpty()) {
            return Optional.empty();
        }
        String prefix = directory.equals("/") ? "/" : directory + "/";
        List<FileFacts> entries =
                files.subMap(prefix, false, prefix + Character.MAX_VALUE, false).values().stream()
                        .filter(f -> PathStrings.parent(f.path()).equals(directory))
                        .limit(most + 1L)
                        .toList();
        boolean complete = entries.size() <= most;
        return Optional.of(new Listing(complete ? entries : entries.subList(0, most), complete));
    }
}
