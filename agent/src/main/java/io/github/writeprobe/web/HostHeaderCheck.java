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

/// Whether a request was meant for this server, by whoever wrote the page that a browser shows.
///
/// A browser lets a page talk to the host that it came from. Whoever owns that host's name can make
/// it an address of the browser's own machine (DNS rebinding), and then the page reads what is
/// served there. The name stays in the Host header. A page of another host may still send a POST
/// without reading the answer (CSRF), and then the browser names it in the Origin header.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6454#section-7">RFC 6454, 7</a>
final class HostHeaderCheck {
    private static final Set<String> UNSAFE_METHODS = Set.of("POST", "PUT");
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9a-f:.]+]|[^\\[\\]:@/\\s]+)(?::[0-9]{0,5})?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final String MISDIRECTED =
            "This agent listens on the loopback interface and asks for no password, so it answers"
                    + " requests for localhost, 127.0.0.1 and [::1] alone. Ask for one of these, or"
                    + " give it passwords with --web.config.file.";
    private static final String BAD_HOST = "A request has to name its host once.";
    private static final String CROSS_ORIGIN =
            "This request comes from a page of another host, which may not do that.";

    private HostHeaderCheck() {}

    /// Why a request is not for this server.
    ///
    /// @param loopbackOnly whether it answers its own machine alone, and asks nobody who he is
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
        // HTTP/1.0 knows no Host header; no browser speaks it.
        boolean hostOptional = exchange.getProtocol().equalsIgnoreCase("HTTP/1.0");
        if (hosts.size() > 1 || (hosts.isEmpty() && !hostOptional)) {
            return Optional.of(WebResponse.text(400, BAD_HOST));
        }
        // A target in absolute form names the host too, and counts before the header.
        URI target = exchange.getRequestURI();
        boolean named = target.getRawAuthority() != null;
        boolean forThisServer =
                hosts.stream().allMatch(HostHeaderCheck::isLoopback)
                        && (!named
                                || isLoopback(target.getRawAuthority().toLowerCase(Locale.ROOT)));
        return forThisServer ? Optional.empty() : Optional.of(WebResponse.text(421, MISDIRECTED));
    }

    /// Whether a host, with a port or without, can mean nothing but this machine, whoever resolves
    /// it.
    static boolean isLoopback(String host) {
        Matcher parts = AUTHORITY.matcher(host);
        if (!parts.matches()) {
            return false;
        }
        String name = parts.group(1);
        if (name.startsWith("[")) {
            return isLoopbackLiteral(name.substring(1, name.length() - 1));
        }
        // The dot says that the name is whole.
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

    /// Of `scheme://host:port`; what has another form stays as it is, and is nobody's host.
    private static String authority(String origin) {
        int colon = origin.indexOf("://");
        return colon < 0 ? origin + "/" : origin.substring(colon + 3);
    }
}
