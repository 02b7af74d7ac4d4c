package io.github.writeprobe.agent;

import io.github.writeprobe.config.Configuration;
import io.github.writeprobe.config.ConfigurationException;
import io.github.writeprobe.config.ListenAddress;
import io.github.writeprobe.cycle.BadEndpoint;
import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.host.Shutdown;
import io.github.writeprobe.host.Signals;
import io.github.writeprobe.host.Supervisor;
import io.github.writeprobe.web.UnusableAddress;
import io.github.writeprobe.web.WebServer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent as a process: it listens, follows, reads its configuration again when it is told to,
/// and ends in good order.
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /// Who is told to end is killed after ten seconds by Docker; five are promised.
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
    private final Supervisor supervisor;
    private final Agent agent;

    /// @param hangups at each of which the configuration is read again, once the agent listens
    /// @param environment where DOCKER_HOST, NOTIFY_SOCKET and their kin are looked up
    /// @throws ConfigurationException if the configuration has mistakes
    /// @throws BadEndpoint if an engine is named in a way that cannot be understood
    public Daemon(ConfigurationSource source, Signals hangups, Map<String, String> environment)
            throws ConfigurationException, BadEndpoint {
        this.source = source;
        this.hangups = hangups;
        this.initialConfiguration = source.read();
        this.supervisor = Supervisor.of(environment);
        this.agent = new Agent(initialConfiguration, environment);
    }

    /// Says whether the engines are named in a way that can be understood. Nothing is sent to them.
    ///
    /// @param environment where DOCKER_HOST and its kin are looked up
    /// @throws BadEndpoint if one is not
    public static void check(Configuration configuration, Map<String, String> environment)
            throws BadEndpoint {
        Composition.openEngines(configuration, environment).forEach(Engine::close);
    }

    /// Runs until the process is told to end.
    ///
    /// @param webConfigFile TLS and passwords, as Prometheus' exporters have them
    /// @param afterShutdown run when everything is closed
    /// @throws ConfigurationException if that file has mistakes
    /// @throws UnusableAddress if the agent cannot listen where it was told to
    public void run(Optional<Path> webConfigFile, Runnable afterShutdown)
            throws ConfigurationException, UnusableAddress, InterruptedException {
        WebServer server;
        try {
            server =
                    WebServer.start(
                            ListenAddress.parse(initialConfiguration.web().listenAddress())
                                    .orElseThrow(),
                            webConfigFile,
                            new AgentSite(agent, this::reload));
        } catch (ConfigurationException | UnusableAddress e) {
            agent.close();
            throw e;
        }
        Shutdown shutdown = Shutdown.install(SHUTDOWN_TIMEOUT, afterShutdown);
        shutdown.closeOnExit("the follower", AGENT_SHUTDOWN_TIMEOUT, agent::close);
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
                            "everybody who reaches this address may ask: --web.config.file sets"
                                    + " passwords or client certificates");
        }
        agent.start();
        supervisor.notifyReady();
        hangups.onHangup(this::reload);
        supervisor.watchdogInterval().ifPresent(this::startWatchdog);
        shutdown.await();
        // What is under way ends in the shutdown, and with it the process.
        Thread.currentThread().join();
    }

    /// As it can be written in a URL, `[::]:9714` for every address of the machine.
    static String formatAddress(InetSocketAddress address) {
        // Java writes all zeros of an IPv6 address out.
        String host = address.getAddress().getHostAddress().replaceFirst("(^|:)(0(:|$)){2,}", "::");
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private void notifyStopping() {
        LOG.info("ending");
        supervisor.notifyStopping();
    }

    /// Only who lives says so: a follower that hangs is killed by the supervisor, and started anew.
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

    /// @return what is wrong with the configuration, in which case the one before stays; empty if
    ///   it was taken
    private synchronized List<String> reload() {
        supervisor.notifyReloading();
        try {
            Configuration reloaded = source.read();
            agent.reconfigure(reloaded);
            LOG.atInfo().log("the configuration was read again, and goes from now on");
            if (!reloaded.web().equals(initialConfiguration.web())) {
                LOG.atWarn()
                        .addKeyValue("address", reloaded.web().listenAddress())
                        .log("another web.listen-address needs a restart");
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
                        "the configuration was not taken, and the one before stays: {}",
                        mistakes.getFirst());
        return mistakes;
    }
}
