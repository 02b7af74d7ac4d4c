package io.github.writeprobe.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reports the agent's state to the supervisor that started it, if it wants notifications: systemd,
/// for a service of `Type=notify` or `notify-reload`. sd_notify(3).
///
/// Without NOTIFY_SOCKET nothing happens. If a message cannot be sent, the agent logs a warning the
/// first time only, and continues.
public final class SystemdNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

    /// In characters. systemd reads no more than 4096 bytes of a datagram.
    private static final int MAX_STATUS_LENGTH = 500;

    private final Optional<String> socket;
    private final Optional<Duration> watchdogInterval;
    private final AtomicBoolean warned = new AtomicBoolean();

    private SystemdNotifier(Optional<String> socket, Optional<Duration> watchdogInterval) {
        this.socket = socket;
        this.watchdogInterval = watchdogInterval;
    }

    /// @param environment contains NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID
    public static SystemdNotifier of(Map<String, String> environment) {
        Optional<String> socket =
                Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(s -> !s.isEmpty());
        return new SystemdNotifier(socket, socket.flatMap(_ -> parseWatchdogInterval(environment)));
    }

    /// Half of the supervisor's time-out, as sd_watchdog_enabled(3) recommends.
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
                    .log("WATCHDOG_USEC is not a number; sending no watchdog notifications");
            return Optional.empty();
        }
    }

    /// How often to call [#notifyWatchdog()], if the supervisor has a watchdog: it kills the
    /// service after twice this time without a call.
    public Optional<Duration> watchdogInterval() {
        return watchdogInterval;
    }

    /// Reports that start-up, or a reload, is complete.
    public void notifyReady() {
        send("READY=1");
    }

    /// Reports that a reload begins. [#notifyReady()] has to follow, also if the reload fails.
    public void notifyReloading() {
        // On Linux, System.nanoTime reads CLOCK_MONOTONIC, which systemd compares with.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    /// Reports that the shutdown begins.
    public void notifyStopping() {
        send("STOPPING=1");
    }

    /// Reports that this program still works.
    public void notifyWatchdog() {
        send("WATCHDOG=1");
    }

    /// Sets the line that `systemctl status` shows. A newline would start another assignment, so
    /// control characters are replaced with spaces.
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
                            ? UnixDatagramSender.send(address, message.getBytes(UTF_8))
                            : Optional.of("the address is neither a path nor an abstract name");
        } catch (RuntimeException | LinkageError e) {
            // There is no libc that the JVM can call, or native access is not allowed.
            failure = Optional.of(String.valueOf(e));
        }
        if (failure.isPresent() && warned.compareAndSet(false, true)) {
            LOG.atWarn()
                    .addKeyValue("socket", address)
                    .addKeyValue("reason", failure.get())
                    .log("cannot notify the supervisor");
        }
    }
}
