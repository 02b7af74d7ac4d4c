package io.github.writeprobe.docker;

import java.util.regex.Pattern;

/// Ids and names as parts of a URL.
final class UrlReferences {
    /// What the engine lets an id or a name consist of. Escapes would not do: the engine takes
    /// `..%2F` apart, too, before it looks for a route.
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}");

    private UrlReferences() {}

    /// Whether a container can be called so. If not, there is none, and it must not get into a
    /// path.
    static boolean isValid(String reference) {
        return VALID.matcher(reference).matches();
    }
}
