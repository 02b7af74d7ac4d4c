package io.github.writeprobe.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Refuses requests that a web page of another host made the browser send.
///
/// A browser lets a page talk to the host that it came from. The owner of that host's name can
/// resolve it to an address of the browser's own machine (DNS rebinding), and then the page can
/// read what is served there. The Host header still has the name. A page of another host may also
/// send a POST without reading the response (CSRF), and then the Origin header has the name of that
/// host.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6454#section-7">RFC 6454, 7</a>
final class HostAndOriginCheck {
    private static final Set<String> UNSAFE_METHODS = Set.of("POST", "PUT");
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9a-f:.]+]|[^\\[\\]:@/\\s]+)(?::[0-9]{0,5})?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final String MISDIRECTED =
            "This agent listens on the loopback interface without passwords, so it accepts only"
                    + " requests for localhost, 127.0.0.1 and [::1]. Use one of these names, or set"
                    + " passwords with --web.config.file.";
    private static final String BAD_HOST = "A request must have exactly one Host header.";
    private static final String CROSS_ORIGIN =
            "This request comes from a page of another host, and is not allowed.";

    private HostAndOriginCheck() {}

    /// The response to a request that is refused; empty if the request is accepted.
    ///
    /// @param loopbackOnly whether the server is reachable only from its own machine, and without
    ///   authentication
    static Optional<WebResponse> refusal(HttpExchange exchange, boolean loopbackOnly) {
        Headers headers = exchange.getRequestHeaders();
        List<String> hosts = values(headers, "Host");
        if (loopbackOnly) {
            Optional<WebResponse> refused = refusal(exchange, hosts);
            if (refused.isPresent()) {
                return refused;
            }
        }
        boolean crossOrigin =
                UNSAFE_METHODS.contains(exchange.getRequestMethod())
                        && !values(headers, "Origin").stream()
                                .allMatch(origin -> hosts.equals(List.of(authority(origin))));
        return crossOrigin ? Optional.of(WebResponse.text(403, CROSS_ORIGIN)) : Optional.empty();
    }

    private static Optional<WebResponse> refusal(HttpExchange exchange, List<String> hosts) {
        // HTTP/1.0 does not require a Host header; no browser uses it.
        boolean hostOptional = exchange.getProtocol().equalsIgnoreCase("HTTP/1.0");
        if (hosts.size() > 1 || (hosts.isEmpty() && !hostOptional)) {
            return Optional.of(WebResponse.text(400, BAD_HOST));
        }
        // A target in absolute form names the host too, so both are checked.
        URI target = exchange.getRequestURI();
        boolean named = target.getRawAuthority() != null;
        boolean forThisServer =
                hosts.stream().allMatch(HostAndOriginCheck::isLoopback)
                        && (!named
                                || isLoopback(target.getRawAuthority().toLowerCase(Locale.ROOT)));
        return forThisServer ? Optional.empty() : Optional.of(WebResponse.text(421, MISDIRECTED));
    }

    /// Whether a host, with or without a port, can only mean this machine, whatever resolves it.
    static boolean isLoopback(String host) {
        Matcher parts = AUTHORITY.matcher(host);
        if (!parts.matches()) {
            return false;
        }
        String name = parts.group(1);
        if (name.startsWith("[")) {
            return isLoopbackLiteral(name.substring(1, name.length() - 1));
        }
        // The dot at the end marks a fully qualified name.
        String withoutDot = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return withoutDot.equals("localhost")
                || (IPV4.matcher(withoutDot).matches() && isLoopbackLiteral(withoutDot));
    }

    private static boolean isLoopbackLiteral(String address) {
        try {
            return InetAddress.ofLiteral(address).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> values(Headers headers, String name) {
        return Optional.ofNullable(headers.get(name)).orElse(List.of()).stream()
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    /// The authority of `scheme://host:port`. Any other form results in a text that equals no host.
    private static String authority(String origin) {
        int colon = origin.indexOf("://");
        return colon < 0 ? origin + "/" : origin.substring(colon + 3);
    }
}
