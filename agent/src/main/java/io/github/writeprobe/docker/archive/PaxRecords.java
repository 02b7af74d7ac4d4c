package io.github.writeprobe.docker.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/// The values of an extended header of a tar archive, which replace those of the header that
/// follows.
record PaxRecords(
        Optional<String> path,
        Optional<String> target,
        Optional<Long> size,
        Optional<Long> uid,
        Optional<Long> gid) {
    static final PaxRecords NONE =
            new PaxRecords(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    static PaxRecords path(String path) {
        return NONE.with("path", path);
    }

    static PaxRecords target(String target) {
        return NONE.with("linkpath", target);
    }

    PaxRecords with(PaxRecords later) {
        return new PaxRecords(
                later.path.or(() -> path),
                later.target.or(() -> target),
                later.size.or(() -> size),
                later.uid.or(() -> uid),
                later.gid.or(() -> gid));
    }

    private PaxRecords with(String key, String value) {
        return switch (key) {
            case "path" -> new PaxRecords(Optional.of(value), target, size, uid, gid);
            case "linkpath" -> new PaxRecords(path, Optional.of(value), size, uid, gid);
            case "size" -> new PaxRecords(path, target, decimal(value), uid, gid);
            case "uid" -> new PaxRecords(path, target, size, decimal(value), gid);
            case "gid" -> new PaxRecords(path, target, size, uid, decimal(value));
            default -> this;
        };
    }

    private static Optional<Long> decimal(String value) {
        try {
            return Optional.of(Long.parseLong(value));
        } catch (NumberFormatException notWhole) {
            return Optional.empty();
        }
    }

    /// Parses records of the form `LENGTH KEY=VALUE\n`, where the length is that of the whole
    /// record.
    static PaxRecords parse(byte[] records) throws TarReader.Malformed {
        PaxRecords read = NONE;
        int at = 0;
        while (at < records.length) {
            int blank = at;
            int length = 0;
            while (blank < records.length && records[blank] != ' ') {
                int digit = records[blank++] - '0';
                if (digit < 0 || digit > 9 || length > records.length) {
                    throw new TarReader.Malformed("invalid extended header");
                }
                length = length * 10 + digit;
            }
            int equals = blank;
            int end = at + length;
            while (equals < Math.min(end, records.length) && records[equals] != '=') {
                equals++;
            }
            if (end > records.length || equals >= end - 1 || blank >= end) {
                throw new TarReader.Malformed("invalid extended header");
            }
            read =
                    read.with(
                            new String(records, blank + 1, equals - blank - 1, UTF_8),
                            new String(records, equals + 1, end - equals - 2, UTF_8));
            at = end;
        }
        return read;
    }
}
