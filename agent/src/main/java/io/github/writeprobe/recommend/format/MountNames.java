package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;

/// Describes mounts in words.
final class MountNames {
    private MountNames() {}

    /// "volume data on /data, read-only".
    static String describe(DeclaredMount mount) {
        String source =
                switch (mount.kind()) {
                    case BIND, VOLUME -> " " + mount.source();
                    case TMPFS, ROOTFS, ENGINE, UNDECLARED -> "";
                };
        return mount.kind().label()
                + source
                + " on "
                + mount.destination()
                + (mount.writable() ? "" : ", read-only");
    }
}
