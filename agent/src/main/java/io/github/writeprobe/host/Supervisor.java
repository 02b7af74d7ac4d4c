package io.github.writeprobe.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the supervisor that started this program how it is, if there is one that wants to know:
/// systemd, for a service of `Type=notify` or `notify-reload`. sd_notify(3).
///
/// Without NOTIFY_SOCKET nothing happens. A message that cannot be sent is a warning in the log,
/// the first time, and no more: work goes on without a supervisor.
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /// In characters. systemd reads no more than 4096 bytes of a datagram.
    private static final int MAX_STATUS_LENGTH = 500;

    private final Optional<String> socket;
    private final Optional<Duration> watchdogInterval;
    private final AtomicBoolean warned = new AtomicBoolean();

    private Supervisor(Optional<String> socket, Optional<Duration> watchdogInterval) {
        this.socket = socket;
        this.watchdogInterval = watchdogInterval;
    }

    /// @param environment where NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are looked up
    public static Supervisor of(Map<String, String> environment) {
        Optional<String> socket =
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(s -> !s.isEmpty());
        return new Supervisor(socket, socket.flatMap(_ -> parseWatchdogInterval(environment)));
    }

    /// Half of what the supervisor waits for, as sd_watchdog_enabled(3) recommends.
    private static Optional<Duration> parseWatchdogInterval(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (!pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 1
                    ? Optional.of(Duration.of(micros / 2, ChronoUnit.MICROS))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            LOG.atWarn()
                    .addKeyValue("value", environment.get("WATCHDOG_USEC"))
                    .log("WATCHDOG_USEC is no number, so the watchdog is not served");
            return Optional.empty();
        }
    }

    /// How often to call [#notifyWatchdog()], where the supervisor watches: it kills who is late
    /// twice.
    public Optional<Duration> watchdogInterval() {
        return watchdogInterval;
    }

    /// Start-up, or a reload, is done.
    public void notifyReady() {
        send("READY=1");
    }

    /// A reload begins. [#notifyReady()] has to follow, whatever came of it.
    public void notifyReloading() {
        // The clock of System.nanoTime is CLOCK_MONOTONIC on Linux, which systemd compares with.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    /// The end begins.
    public void notifyStopping() {
        send("STOPPING=1");
    }

    /// This program still does its work.
    public void notifyWatchdog() {
        send("WATCHDOG=1");
    }

    /// What `systemctl status` shows, in a line. Newlines would be further assignments, and become
    /// spaces, as all control characters do.
    public void notifyStatus(String line) {
        String plain = line.replaceAll("\\p{Cntrl}+", " ");
        int end = Math.min(plain.length(), MAX_STATUS_LENGTH);
        send("STATUS=" + plain.substring(0, end));
    }

    private void send(String message) {
        if (socket.isEmpty()) {
            return;
        }
        String address = socket.get();
        Optional<String> failure;
        try {
            failure =
                    address.startsWith("/") || address.startsWith("@")
                            ? NotifySocket.send(address, message.getBytes(UTF_8))
                            : Optional.of("neither a path nor an abstract name");
        } catch (RuntimeException | LinkageError e) {
            // No libc that the JVM can call, or not allowed to.
            failure = Optional.of(String.valueOf(e));
        }
        if (failure.isPresent() && warned.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("socket", address)
                    .addKeyValue("reason", failure.get())
                    .log("the supervisor cannot be told how the agent is");
        }
    }
}
