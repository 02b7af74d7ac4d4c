package io.github.writeprobe.web;

import io.github.writeprobe.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Locale;

/// From the address that a user has written to one that can be listened on, or to what is wrong
/// with it.
final class ListenAddressParser {
    private static final String ANOTHER = "with --web.listen-address or web.listen-address";
    private static final int FIRST_FREE = 1024;

    private ListenAddressParser() {}

    /// Looks up the host.
    static InetSocketAddress resolved(ListenAddress address) throws UnusableAddress {
        InetSocketAddress resolved =
                address.host().isEmpty()
                        ? new InetSocketAddress(address.port())
                        : new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new UnusableAddress(
                    "cannot listen on %s: the host is unknown; mend its name, or choose an address %s"
                            .formatted(shown(address), ANOTHER));
        }
        return resolved;
    }

    static UnusableAddress refused(
            ListenAddress address, InetSocketAddress resolved, IOException cause) {
        return new UnusableAddress(
                "cannot listen on "
                        + shown(address)
                        + ": "
                        + why(
                                resolved,
                                isOurs(resolved.getAddress()),
                                String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT)));
    }

    /// The system's own messages may be translated, so they come last.
    static String why(InetSocketAddress resolved, boolean ours, String message) {
        if (!ours) {
            return "this machine does not have the address %s; choose one that it has, or :%d for all, %s"
                    .formatted(resolved.getAddress().getHostAddress(), resolved.getPort(), ANOTHER);
        }
        boolean privileged = 0 < resolved.getPort() && resolved.getPort() < FIRST_FREE;
        if (message.contains("denied") || (privileged && !message.contains("in use"))) {
            return "no permission for a port below %d; choose a higher one %s, or grant CAP_NET_BIND_SERVICE"
                    .formatted(FIRST_FREE, ANOTHER);
        }
        return "another program has the port %d; end it, or choose another port %s"
                .formatted(resolved.getPort(), ANOTHER);
    }

    private static boolean isOurs(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    private static String shown(ListenAddress address) {
        return (address.host().contains(":") ? "[" + address.host() + "]" : address.host())
                + ":"
                + address.port();
    }
}
