package io.github.writeprobe.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address to listen on, written `HOST:PORT`, `[IPV6]:PORT` or `:PORT`.
///
/// @param host a name or an address, without brackets; empty for every address of the machine
/// @param port 0 for any free port
public record ListenAddress(String host, int port) {
    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]*)):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /// Empty if the text is not a valid address. Resolves no names.
    public static Optional<ListenAddress> parse(String text) {
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
            return Optional.empty();
        }
        String ipv6 = matcher.group(1);
        String host = ipv6 == null ? matcher.group(2) : ipv6;
        return Optional.of(new ListenAddress(host, Integer.parseInt(matcher.group(3))));
    }
}
