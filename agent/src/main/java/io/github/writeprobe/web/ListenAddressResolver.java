package io.github.writeprobe.web;

import io.github.writeprobe.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;

/// Resolves a configured address to one that the server can listen on, or explains why it cannot.
final class ListenAddressResolver {
    private static final String OPTION_HINT = "with --web.listen-address or web.listen-address";
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private ListenAddressResolver() {}

    /// Resolves the host name.
    static InetSocketAddress resolve(ListenAddress address) throws UnusableListenAddress {
        InetSocketAddress resolved =
                address.host().isEmpty()
                        ? new InetSocketAddress(address.port())
                        : new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new UnusableListenAddress(
                    "cannot listen on %s: the host name cannot be resolved; correct it, or set another address %s"
                            .formatted(format(address), OPTION_HINT));
        }
        return resolved;
    }

    static UnusableListenAddress bindError(
            ListenAddress address, InetSocketAddress resolved, IOException cause) {
        return new UnusableListenAddress(
                "cannot listen on "
                        + format(address)
                        + ": "
                        + reason(
                                resolved,
                                isLocal(resolved.getAddress()),
                                String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT)));
    }

    /// The reason why the server cannot listen. Messages of the operating system may be translated,
    /// so they are used last.
    static String reason(InetSocketAddress resolved, boolean local, String message) {
        if (!local) {
            return "this machine does not have the address %s; set one that it has, or :%d for all of them, %s"
                    .formatted(
                            resolved.getAddress().getHostAddress(),
                            resolved.getPort(),
                            OPTION_HINT);
        }
        boolean privileged = 0 < resolved.getPort() && resolved.getPort() < FIRST_UNPRIVILEGED_PORT;
        if (message.contains("denied") || (privileged && !message.contains("in use"))) {
            return "permission denied for a port below %d; set a higher port %s, or grant CAP_NET_BIND_SERVICE"
                    .formatted(FIRST_UNPRIVILEGED_PORT, OPTION_HINT);
        }
        return "another program uses port %d; stop it, or set another port %s"
                .formatted(resolved.getPort(), OPTION_HINT);
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    private static String format(ListenAddress address) {
        return (address.host().contains(":") ? "[" + address.host() + "]" : address.host())
                + ":"
                + address.port();
    }
}
