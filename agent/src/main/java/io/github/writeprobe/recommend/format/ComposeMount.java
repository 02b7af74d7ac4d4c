package io.github.writeprobe.recommend.format;

import io.github.writeprobe.model.DeclaredMount;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.model.TypeSpecificMountOptions;
import io.github.writeprobe.model.TypeSpecificMountOptions.BindRecursion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An entry of `volumes:` in a Compose file.
///
/// It is in the short syntax where that is possible, because all versions of Compose read it. What
/// each version does with the long syntax was tried with 1.29, 2.26 and 2.40.
final class ComposeMount {
    private ComposeMount() {}

    /// A new volume.
    static String entry(String volume, String path) {
        return entry(new DeclaredMount(path, MountKind.VOLUME, volume, true, "", ""), volume);
    }

    /// Why a path cannot have a volume; empty if it can. Compose 2.40 joins source and path by a
    /// colon, in the long syntax too, unless the mount has an option that forbids it.
    static Optional<String> inexpressible(String path) {
        return path.indexOf(':') < 0
                ? Optional.empty()
                : Optional.of("Compose 2.40 cannot mount a volume on a path with a colon");
    }

    /// The same for a mount that the container has.
    static Optional<String> inexpressible(DeclaredMount mount) {
        TypeSpecificMountOptions details = mount.details();
        boolean hasOption =
                details.image()
                        || mount.kind() == MountKind.BIND
                        || details.noCopy()
                        || !details.subpath().isEmpty();
        return hasOption ? Optional.empty() : inexpressible(mount.destination());
    }

    /// @param source a volume of this file, a path of the host, or an image
    static String entry(DeclaredMount mount, String source) {
        TypeSpecificMountOptions details = mount.details();
        String target = mount.destination();
        boolean isShort =
                (source + target).indexOf(':') < 0
                        && ShellText.isPrintable(source + target)
                        && !details.image()
                        && details.subpath().isEmpty()
                        && details.recursion() == BindRecursion.DEFAULT;
        return isShort ? shortSyntax(mount, source) : longSyntax(mount, source);
    }

    private static String shortSyntax(DeclaredMount mount, String source) {
        List<String> options =
                Stream.of(
                                mount.writable() ? "" : "ro",
                                DeclaredMountWording.propagation(mount),
                                mount.details().relabel(),
                                mount.details().noCopy() ? "nocopy" : "")
                        .filter(option -> !option.isEmpty())
                        .toList();
        return ComposeEscaper.line(
                source
                        + ":"
                        + mount.destination()
                        + (options.isEmpty() ? "" : ":" + String.join(",", options)));
    }

    private static String longSyntax(DeclaredMount mount, String source) {
        TypeSpecificMountOptions details = mount.details();
        String type = details.image() ? "image" : mount.kind().label();
        List<String> fields = new ArrayList<>();
        fields.add("type: " + type);
        fields.add("source: " + ComposeEscaper.scalar(source));
        fields.add("target: " + ComposeEscaper.scalar(mount.destination()));
        if (!mount.writable() && !details.image()) {
            fields.add("read_only: true");
        }
        List<String> options = new ArrayList<>();
        if (mount.kind() == MountKind.BIND) {
            // The default is written out because of the colon, as above.
            String propagation = DeclaredMountWording.propagation(mount);
            options.add("propagation: " + (propagation.isEmpty() ? "rprivate" : propagation));
        }
        if (details.recursion() != BindRecursion.DEFAULT) {
            options.add("recursive: " + details.recursion().label());
        }
        addIfAny("selinux: ", details.relabel(), options);
        if (details.noCopy()) {
            options.add("nocopy: true");
        }
        addIfAny("subpath: ", ComposeEscaper.scalar(details.subpath()), details.subpath(), options);
        if (!options.isEmpty()) {
            fields.add(type + ": {" + String.join(", ", options) + "}");
        }
        return "{" + String.join(", ", fields) + "}";
    }

    private static void addIfAny(String key, String value, List<String> options) {
        addIfAny(key, value, value, options);
    }

    private static void addIfAny(String key, String yaml, String value, List<String> options) {
        if (!value.isEmpty()) {
            options.add(key + yaml);
        }
    }

    /// Which versions of Compose cannot make the mount; each a sentence.
    static List<String> remarks(DeclaredMount mount) {
        TypeSpecificMountOptions details = mount.details();
        List<String> remarks = new ArrayList<>();
        if (details.image()) {
            remarks.add("Compose 1.29 and 2.26 cannot mount an image");
        } else if (!details.subpath().isEmpty()) {
            remarks.add("Compose 1.29 cannot mount a part of a volume");
        }
        if (details.recursion() != BindRecursion.DEFAULT) {
            remarks.add("Compose 1.29 refuses recursive, and 2.26 ignores it");
        }
        if (!details.relabel().isEmpty() && !DeclaredMountWording.propagation(mount).isEmpty()) {
            remarks.add(
                    "Compose 2.40 ignores "
                            + details.relabel()
                            + " beside a propagation: set the SELinux label with chcon");
        }
        return remarks;
    }
}
