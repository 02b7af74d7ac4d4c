package io.github.writeprobe.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What an engine declares about a mount beyond what every mount has. A proposal and a clone have
/// to keep all of it, or say what they leave out.
///
/// Consistency modes (`cached`, `delegated`) are not here: engines on Linux ignore them.
///
/// @param image whether it is an image, which is read-only except on Podman; the source is the
///   image's name
/// @param subpath the part of the volume or image that is mounted; empty for all of it
/// @param noCopy whether a new volume stays empty instead of being filled from the image
/// @param recursion what happens to mounts below the source of a bind
/// @param relabel `z` or `Z` if the engine sets the SELinux label of the source; else empty
/// @param unknown what this version does not understand, in the engine's words: `type npipe`,
///   `VolumeFlagWriter.Snapshot=daily`. Untrusted text
public record TypeSpecificMountOptions(
        boolean image,
        String subpath,
        boolean noCopy,
        BindRecursion recursion,
        String relabel,
        List<String> unknown) {
    public static final TypeSpecificMountOptions NONE =
            new TypeSpecificMountOptions(false, "", false, BindRecursion.DEFAULT, "", List.of());

    /// The words are those of `docker run --mount bind-recursive=…` and of Compose.
    public enum BindRecursion {
        /// Mounts below a read-only bind are read-only if the kernel can do that.
        DEFAULT("enabled"),
        DISABLED("disabled"),
        WRITABLE("writable"),
        READ_ONLY("readonly");

        private final String label;

        BindRecursion(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public TypeSpecificMountOptions {
        requireNonNull(subpath);
        requireNonNull(recursion);
        requireNonNull(relabel);
        unknown = List.copyOf(unknown);
    }
}
