package io.github.writeprobe.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.writeprobe.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
class SystemdNotifierTest {
    @TempDir private Path directory;

    /// The receiving socket of a supervisor: it prints one line for each datagram, with newlines
    /// shown as `|`.
    private static final class Receiver implements AutoCloseable {
        private static final String PROGRAM =
                """
                use Socket;
                $| = 1;
                my $at = shift;
                $at =~ s/^@/\\0/;
                socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!;
                bind($s, pack_sockaddr_un($at)) or die $!;
                print "bound\\n";
                kill 'STOP', $$ if shift;
                while (defined recv($s, my $datagram, 65536, 0)) {
                    $datagram =~ s/\\n/|/g;
                    print "$datagram\\n";
                }
                """;

        private final Process process;
        private final BufferedReader out;

        private Receiver(String address) throws IOException {
            this(address, false);
        }

        private Receiver(String address, boolean stopped) throws IOException {
            process =
                    new ProcessBuilder("perl", "-e", PROGRAM, address, stopped ? "1" : "0").start();
            out = process.inputReader(UTF_8);
            assertThat(nextDatagram()).isEqualTo("bound");
        }

        String nextDatagram() throws IOException {
            return String.valueOf(out.readLine());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static SystemdNotifier supervisorAt(String address) {
        return SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address));
    }

    @Test
    void aSupervisorReceivesEveryState() throws Exception {
        String socket = directory.resolve("notify").toString();
        try (Receiver receiver = new Receiver(socket)) {
            SystemdNotifier supervisor = supervisorAt(socket);
            supervisor.notifyReady();
            assertThat(receiver.nextDatagram()).isEqualTo("READY=1");
            supervisor.notifyStatus("12 containers: 11 compliant, 1 violating — ok");
            assertThat(receiver.nextDatagram())
                    .isEqualTo("STATUS=12 containers: 11 compliant, 1 violating — ok");
            supervisor.notifyWatchdog();
            assertThat(receiver.nextDatagram()).isEqualTo("WATCHDOG=1");
            supervisor.notifyReloading();
            assertThat(receiver.nextDatagram()).matches("RELOADING=1\\|MONOTONIC_USEC=[0-9]+");
            supervisor.notifyStopping();
            assertThat(receiver.nextDatagram()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void anAbstractSocketIsOneToo() throws Exception {
        String name = "@writeprobe-test/" + directory.getFileName();
        try (Receiver receiver = new Receiver(name)) {
            supervisorAt(name).notifyReady();
            assertThat(receiver.nextDatagram()).isEqualTo("READY=1");
        }
    }

    @Test
    void aStatusCannotSetAnythingElse() throws Exception {
        String socket = directory.resolve("notify").toString();
        try (Receiver receiver = new Receiver(socket)) {
            supervisorAt(socket).notifyStatus("evil\nMAINPID=1\r\n\u0085" + "n".repeat(10_000));
            assertThat(receiver.nextDatagram())
                    .startsWith("STATUS=evil MAINPID=1 ")
                    .hasSizeLessThan(600);
        }
    }

    /// systemd compares the time of a reload with CLOCK_MONOTONIC.
    @Test
    @SuppressWarnings("restricted")
    void nanoTimeIsTheMonotonicClock() throws Throwable {
        var clockGettime =
                Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS));
        int monotonic = 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(ValueLayout.JAVA_LONG, 2);
            long before = System.nanoTime();
            assertThat((int) clockGettime.invokeExact(monotonic, timespec)).isZero();
            long after = System.nanoTime();
            long seconds = timespec.getAtIndex(ValueLayout.JAVA_LONG, 0);
            long nanos = timespec.getAtIndex(ValueLayout.JAVA_LONG, 1);
            assertThat(seconds * 1_000_000_000 + nanos).isBetween(before, after);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/socket", "@nobody-listens-here", "vsock:2:1", "LONG"})
    void aSupervisorThatCannotBeReachedIsAWarningOnce(String address) {
        String socket = address.equals("LONG") ? "/" + "x".repeat(200) : address;
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(SystemdNotifier.class);
        logger.addAppender(log);
        logger.setAdditive(false);
        try {
            SystemdNotifier supervisor = supervisorAt(socket);
            supervisor.notifyReady();
            supervisor.notifyWatchdog();
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }
        assertThat(log.list).hasSize(1);
        assertThat(log.list.getFirst().getFormattedMessage()).contains("cannot notify");
        assertThat(log.list.getFirst().getKeyValuePairs())
                .anyMatch(p -> p.key.equals("socket") && socket.equals(p.value))
                .anyMatch(p ->
                        p.key.equals("reason") && !String.valueOf(p.value).contains("Exception"));
    }

    /// A supervisor that does not read delays the agent by one second for each message at most.
    @Test
    void aSupervisorThatDoesNotReadIsNotWaitedForLong() throws Exception {
        String socket = directory.resolve("notify").toString();
        try (Receiver _ = new Receiver(socket, true)) {
            SystemdNotifier supervisor = supervisorAt(socket);
            int queue = queueLength();
            long startNanos = System.nanoTime();
            for (int i = 0; i < queue + 4; i++) {
                supervisor.notifyWatchdog();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
        }
    }

    // Files.readString first reads one byte of a file in /proc/sys, and the kernel then returns no
    // more.
    private static int queueLength() throws IOException {
        try (BufferedReader file =
                Files.newBufferedReader(Path.of("/proc/sys/net/unix/max_dgram_qlen"))) {
            return Integer.parseInt(String.valueOf(file.readLine()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "30000000, SELF, 15000",
        "30000000, '', 15000",
        "30000000, 1, -1",
        "0, '', -1",
        "-5, '', -1",
        "soon, '', -1"
    })
    void theWatchdogIsServedAtHalfItsTime(String micros, String pid, long millis) {
        String self = Long.toString(ProcessHandle.current().pid());
        SystemdNotifier supervisor =
                SystemdNotifier.of(
                        Map.of(
                                "NOTIFY_SOCKET",
                                "/run/systemd/notify",
                                "WATCHDOG_USEC",
                                micros,
                                "WATCHDOG_PID",
                                pid.equals("SELF") ? self : pid));
        assertThat(supervisor.watchdogInterval().map(Duration::toMillis).orElse(-1L))
                .isEqualTo(millis);
        assertThat(SystemdNotifier.of(Map.of("WATCHDOG_USEC", micros)).watchdogInterval())
                .isEmpty();
    }

    static final class Unsupervised {
        public static void main(String[] args) {
            SystemdNotifier supervisor = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", args[0]));
            supervisor.notifyReady();
            supervisor.notifyStopping();
        }
    }

    @ParameterizedTest
    @CsvSource({"'', false", "/no/such/socket, true"})
    void withoutASupervisorNoNativeCodeIsLoaded(String address, boolean loaded) throws Exception {
        List<String> command = Child.command(Unsupervised.class, address);
        command.add(1, "-Xlog:class+init=info:stdout");
        try (Child child = Child.start(command, builder -> {})) {
            List<String> classes = child.process().inputReader().lines().toList();
            assertThat(child.code()).isZero();
            assertThat(classes).anyMatch(l -> l.contains("host/SystemdNotifier"));
            assertThat(classes.stream().anyMatch(l -> l.contains("host/UnixDatagramSender")))
                    .isEqualTo(loaded);
            assertThat(classes.stream().anyMatch(l -> l.contains("java/lang/foreign/Linker")))
                    .isEqualTo(loaded);
        }
    }
}
