package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ListenAddress;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.host.Shutdown;
import io.github.writeprobe.host.Signals;
import io.github.writeprobe.host.SystemdNotifier;
import io.github.writeprobe.web.UnusableListenAddress;
import io.github.writeprobe.web.WebServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent as a process: it serves HTTP, monitors engines, reloads its configuration on request,
/// and shuts down in order.
public final class AgentProcess {
    private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);

    /// Docker kills a container ten seconds after SIGTERM. The documents promise an end within
    /// five.
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofMillis(4_500);

    private static final Duration WEB_SHUTDOWN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration AGENT_SHUTDOWN_TIMEOUT = Duration.ofMillis(3_500);

    /// Reads the configuration, at the start and at every reload.
    @FunctionalInterface
    public interface ConfigurationSource {
        Configuration read() throws ConfigurationException;
    }

    private final ConfigurationSource source;
    private final Configuration initialConfiguration;
    private final Signals hangups;
    private final SystemdNotifier supervisor;
    private final MonitorAgent agent;

    /// @param hangups each SIGHUP reloads the configuration, once the agent listens
    /// @param environment where DOCKER_HOST, NOTIFY_SOCKET and related variables are looked up
    /// @throws ConfigurationException if the configuration has mistakes
    /// @throws BadEndpoint if the host of an engine is invalid
    public AgentProcess(
            ConfigurationSource source, Signals hangups, Map<String, String> environment)
            throws ConfigurationException, BadEndpoint {
        this.source = source;
        this.hangups = hangups;
        this.initialConfiguration = source.read();
        this.supervisor = SystemdNotifier.of(environment);
        this.agent = new MonitorAgent(initialConfiguration, environment);
    }

    /// Checks the hosts of the engines. Nothing is sent to the engines.
    ///
    /// @param environment where DOCKER_HOST and related variables are looked up
    /// @throws BadEndpoint if one is invalid
    public static void check(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        ComponentFactory.openEngines(configuration, environment).forEach(Engine::close);
    }

    /// Runs until the process is told to stop.
    ///
    /// @param webConfigFile TLS and passwords, in the format of the exporter-toolkit
    /// @param afterShutdown run when everything is closed
    /// @throws ConfigurationException if that file has mistakes
    /// @throws UnusableListenAddress if the agent cannot listen on the configured address
    public void run(Optional<Path> webConfigFile, Runnable afterShutdown)
            throws ConfigurationException, UnusableListenAddress, InterruptedException {
        WebServer server;
        try {
            server =
                    WebServer.start(
                            ListenAddress.parse(initialConfiguration.web().listenAddress())
                                    .orElseThrow(),
                            webConfigFile,
                            new AgentSiteContent(agent, this::reload));
        } catch (ConfigurationException | UnusableListenAddress e) {
            agent.close();
            throw e;
        }
        Shutdown shutdown = Shutdown.install(SHUTDOWN_TIMEOUT, afterShutdown);
        shutdown.closeOnExit("the monitor", AGENT_SHUTDOWN_TIMEOUT, agent::close);
        shutdown.closeOnExit("the web server", WEB_SHUTDOWN_TIMEOUT, server::close);
        shutdown.closeOnExit("the supervisor", WEB_SHUTDOWN_TIMEOUT, this::notifyStopping);
        BuildInfo build = BuildInfo.current();
        String address = formatAddress(server.address());
        LOG.atInfo()
                .addKeyValue("address", address)
                .addKeyValue("tls", server.isTls())
                .addKeyValue("version", build.version())
                .addKeyValue("revision", build.revision())
                .log("listening");
        if (server.isOpenToNetwork()) {
            LOG.atWarn()
                    .addKeyValue("address", address)
                    .log(
                            "unauthenticated requests from the network are accepted; set passwords"
                                    + " or client certificates with --web.config.file");
        }
        agent.start();
        supervisor.notifyReady();
        hangups.onHangup(this::reload);
        supervisor.watchdogInterval().ifPresent(this::startWatchdog);
        shutdown.await();
        // Waits for ever: the shutdown ends the process.
        Thread.currentThread().join();
    }

    /// The address as it is written in a URL. `[::]:9714` is every address of the machine.
    static String formatAddress(InetSocketAddress address) {
        // Java does not abbreviate the zeros of an IPv6 address.
        String host = address.getAddress().getHostAddress().replaceFirst("(^|:)(0(:|$)){2,}", "::");
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private void notifyStopping() {
        LOG.info("shutting down");
        supervisor.notifyStopping();
    }

    /// Notifies the supervisor only while the agent is healthy, so that the supervisor restarts an
    /// agent that hangs.
    private void startWatchdog(Duration interval) {
        Thread.ofPlatform()
                .daemon()
                .name("watchdog")
                .start(() -> {
                    try {
                        while (true) {
                            if (agent.unhealthyReason().isEmpty()) {
                                supervisor.notifyWatchdog();
                            }
                            Thread.sleep(interval);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// @return the mistakes of the configuration, in which case the previous one stays in use;
    ///   empty if the reload succeeded
    private synchronized List<String> reload() {
        supervisor.notifyReloading();
        try {
            Configuration reloaded = source.read();
            agent.reconfigure(reloaded);
            LOG.atInfo().log("configuration reloaded");
            if (!reloaded.web().equals(initialConfiguration.web())) {
                LOG.atWarn()
                        .addKeyValue("address", reloaded.web().listenAddress())
                        .log("web.listen-address has changed; restart the agent to apply it");
            }
            return List.of();
        } catch (ConfigurationException e) {
            return rejectReload(e.mistakes());
        } catch (BadEndpoint e) {
            return rejectReload(List.of(e.line()));
        } finally {
            supervisor.notifyReady();
        }
    }

    private List<String> rejectReload(List<String> mistakes) {
        agent.recordReloadFailure();
        LOG.atError()
                .addKeyValue("mistakes", mistakes)
                .log(
                        "configuration reload failed; keeping the previous configuration: {}",
                        mistakes.getFirst());
        return mistakes;
    }
}
