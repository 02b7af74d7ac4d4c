package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.model.TypeSpecificMountOptions.BindRecursion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Describes mounts in words.
final class DeclaredMountWording {
    private static final Set<String> PROPAGATIONS =
            Set.of("", "private", "rprivate", "shared", "rshared", "slave", "rslave");

    private DeclaredMountWording() {}

    /// "volume data on /data, subpath shop, read-only".
    static String describe(DeclaredMount mount) {
        TypeSpecificMountOptions details = mount.details();
        String kind = details.image() ? "image" : mount.kind().label();
        String source =
                switch (mount.kind()) {
                    case BIND, VOLUME -> " " + mount.source();
                    case TMPFS, ROOTFS, ENGINE, UNDECLARED -> "";
                };
        List<String> words = new ArrayList<>();
        words.add(kind + source + " on " + mount.destination());
        addIfAny("subpath ", details.subpath(), words);
        addIfAny("options ", mount.options(), words);
        if (!mount.writable()) {
            words.add("read-only");
        }
        addIfAny("propagation ", propagation(mount), words);
        if (details.recursion() != BindRecursion.DEFAULT) {
            words.add("recursive " + details.recursion().label());
        }
        if (details.noCopy()) {
            words.add("nocopy");
        }
        addIfAny("SELinux label ", details.relabel(), words);
        details.unknown().forEach(words::add);
        return String.join(", ", words);
    }

    private static void addIfAny(String name, String value, List<String> words) {
        if (!value.isEmpty()) {
            words.add(name + value);
        }
    }

    /// The propagation of a bind, if it is not the default.
    static String propagation(DeclaredMount mount) {
        return mount.kind() == MountKind.BIND && !mount.propagation().equals("rprivate")
                ? mount.propagation()
                : "";
    }

    /// Why a mount cannot be repeated: the engine says something of it that is not understood.
    static Optional<String> misunderstood(DeclaredMount mount) {
        TypeSpecificMountOptions details = mount.details();
        if (!PROPAGATIONS.contains(mount.propagation())) {
            return Optional.of(
                    "this version does not understand: propagation " + mount.propagation());
        }
        if (!details.unknown().isEmpty()) {
            return Optional.of(
                    "this version does not understand: " + String.join(", ", details.unknown()));
        }
        if (details.image() && mount.writable()) {
            return Optional.of("a writable image is Podman's own");
        }
        return mount.kind() == MountKind.VOLUME && mount.source().startsWith("/")
                ? Optional.of("the engine does not say which image or volume it is")
                : Optional.empty();
    }
}
