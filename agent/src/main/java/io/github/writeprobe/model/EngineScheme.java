package io.github.writeprobe.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The scheme of an engine's host: which API it serves, and how it is reached.
///
/// Code that depends on the kind of engine has a `switch` over these constants without `default`,
/// so the compiler lists what another kind has to decide.
public enum EngineScheme {
    UNIX,
    TCP,
    CRI;

    /// @param scheme without `://`
    /// @return empty if no engine has it
    public static Optional<EngineScheme> parse(String scheme) {
        return Arrays.stream(values()).filter(s -> s.label().equals(scheme)).findFirst();
    }

    /// The scheme of a host. Any other host is taken for [#TCP]: it has no socket, and Docker's
    /// adapter says what to write instead.
    public static EngineScheme of(String host) {
        return Arrays.stream(values())
                .filter(s -> host.startsWith(s.prefix()))
                .findFirst()
                .orElse(TCP);
    }

    /// What a host names as the path of its socket; empty if it has none.
    public static Optional<String> socket(String host) {
        EngineScheme scheme = of(host);
        return switch (scheme) {
            case UNIX, CRI -> Optional.of(scheme.address(host));
            case TCP -> Optional.empty();
        };
    }

    /// Whether it serves the Docker API.
    public boolean isDockerApi() {
        return switch (this) {
            case UNIX, TCP -> true;
            case CRI -> false;
        };
    }

    /// @param address a path, or a host name and a port
    public String host(String address) {
        return prefix() + address;
    }

    /// What follows the scheme.
    ///
    /// @param host one with this scheme
    public String address(String host) {
        return host.substring(prefix().length());
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private String prefix() {
        return label() + "://";
    }
}
