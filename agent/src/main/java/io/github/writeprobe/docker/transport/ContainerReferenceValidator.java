package io.github.writeprobe.docker.transport;

import java.util.regex.Pattern;

/// Ids and names as parts of a URL.
public final class ContainerReferenceValidator {
    /// The characters that the engine allows in an id or a name. Escaping is not enough: the engine
    /// decodes `..%2F` before it looks for a route.
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}");

    private ContainerReferenceValidator() {}

    /// Whether this can be the name or id of a container. If not, no such container exists, and the
    /// text must not get into a path.
    public static boolean isValid(String reference) {
        return VALID.matcher(reference).matches();
    }
}
