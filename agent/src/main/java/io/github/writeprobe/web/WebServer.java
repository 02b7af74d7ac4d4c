package io.github.writeprobe.web;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ListenAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// An HTTP server for one [SiteContent]. No client can block the others.
public final class WebServer implements AutoCloseable {
    /// Limits of the JDK's server, which reads them once, when its first class is loaded. Values
    /// that the user has set are kept.
    ///
    /// @see <a
    ///   href="https://docs.oracle.com/en/java/javase/25/docs/api/jdk.httpserver/module-summary.html">jdk.httpserver</a>
    private static final Map<String, String> LIMITS =
            Map.of(
                    "jdk.httpserver.maxConnections", "1000",
                    "sun.net.httpserver.idleInterval", "30",
                    "sun.net.httpserver.maxIdleConnections", "200",
                    "sun.net.httpserver.maxReqHeaders", "100",
                    "sun.net.httpserver.maxReqHeaderSize", "65536",
                    "sun.net.httpserver.nodelay", "true");

    /// Our own time limits, in seconds. See [ExchangeTimeoutExecutor] for why those of the JDK are
    /// not used.
    private static final String REQUEST_TIME = "writeprobe.web.request-time";

    private static final String RESPONSE_TIME = "writeprobe.web.answer-time";
    private static final int BACKLOG = 128;

    static {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    private final HttpServer server;
    private final ExchangeTimeoutExecutor exchanges;
    private final PasswordCheck passwords;
    private final ReloadingWebConfiguration settings;
    private final boolean tls;

    private WebServer(
            HttpServer server,
            ExchangeTimeoutExecutor exchanges,
            PasswordCheck passwords,
            ReloadingWebConfiguration settings,
            boolean tls) {
        this.server = server;
        this.exchanges = exchanges;
        this.passwords = passwords;
        this.settings = settings;
        this.tls = tls;
    }

    /// Starts the server.
    ///
    /// @param webConfigFile in the exporter-toolkit's format; empty for HTTP without authentication
    /// @throws UnusableListenAddress if the server cannot listen on the address
    /// @throws ConfigurationException if the file cannot be used
    public static WebServer start(
            ListenAddress address, Optional<Path> webConfigFile, SiteContent site)
            throws UnusableListenAddress, ConfigurationException {
        return start(
                address,
                webConfigFile,
                site,
                Duration.ofSeconds(Math.max(1, Long.getLong(REQUEST_TIME, 10))),
                Duration.ofSeconds(Math.max(1, Long.getLong(RESPONSE_TIME, 30))));
    }

    static WebServer start(
            ListenAddress address,
            Optional<Path> webConfigFile,
            SiteContent site,
            Duration requestTimeout,
            Duration responseTimeout)
            throws UnusableListenAddress, ConfigurationException {
        ReloadingWebConfiguration settings = new ReloadingWebConfiguration(webConfigFile);
        boolean tls = settings.current().tls().isPresent();
        HttpServer server = bind(address, tls);
        ExchangeTimeoutExecutor exchanges =
                new ExchangeTimeoutExecutor(requestTimeout, responseTimeout);
        PasswordCheck passwords = new PasswordCheck();
        if (server instanceof HttpsServer https) {
            https.setHttpsConfigurator(
                    new TlsConfigurator(
                            new DelegatingSslContext(
                                    () -> settings.current().tls().orElseThrow(),
                                    exchanges::isExchangeThread)));
        }
        server.setExecutor(exchanges);
        server.createContext(
                "/",
                new HttpRequestDispatcher(
                        settings,
                        passwords,
                        exchanges,
                        site,
                        server.getAddress().getAddress().isLoopbackAddress()));
        server.start();
        return new WebServer(server, exchanges, passwords, settings, tls);
    }

    private static HttpServer bind(ListenAddress address, boolean tls)
            throws UnusableListenAddress {
        InetSocketAddress resolved = ListenAddressResolver.resolve(address);
        try {
            return tls
                    ? HttpsServer.create(resolved, BACKLOG)
                    : HttpServer.create(resolved, BACKLOG);
        } catch (IOException e) {
            throw ListenAddressResolver.bindError(address, resolved, e);
        }
    }

    /// The address that the server listens on; the port is never 0.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /// Whether the server uses TLS.
    public boolean isTls() {
        return tls;
    }

    /// Whether unauthenticated requests of other machines are accepted.
    public boolean isOpenToNetwork() {
        return !address().getAddress().isLoopbackAddress()
                && settings.current().configuration().isAnonymousAllowed();
    }

    /// Disconnects all clients, within a second.
    @Override
    public void close() {
        exchanges.close();
        server.stop(0);
        passwords.close();
    }

    /// SSLEngines are already configured; this stops the JDK's server from changing them.
    private static final class TlsConfigurator extends HttpsConfigurator {
        TlsConfigurator(DelegatingSslContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters parameters) {}
    }
}
