package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Cause;
import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.Testimony;
import io.github.writeprobe.probes.WitnessName;
import io.github.writeprobe.probes.Write;
import io.github.writeprobe.probes.kernel.Abi;
import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.Privileges;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import io.github.writeprobe.probes.kernel.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks the kernel about a container, by system calls of this process through `/proc/PID/root`.
///
/// It takes some microseconds a path, needs nothing in the container, and leaves no trace in it:
/// what it creates has no name. It sees a paused container as well as a running one, and every
/// mount. It does not see what a security module would forbid the container's own processes.
///
/// It needs Linux, the machine's PID namespace, and the capabilities SYS_PTRACE, DAC_OVERRIDE,
/// SETUID and SETGID.
public final class ProcfsWitness implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int ATTEMPTS = 3;
    private static final String PROC = "/proc";

    private final Optional<Ready> ready;
    private final String unavailable;
    private final Hangs hangs = new Hangs();
    private final Tables tables = new Tables();
    private final Holds holds = new Holds(tables);

    /// What is there once it is known that it can testify.
    private record Ready(Crew crew, ProcessStatus own) {}

    private ProcfsWitness(Optional<Ready> ready, String unavailable) {
        this.ready = ready;
        this.unavailable = unavailable;
    }

    /// Finds out, once, whether this process may do what it takes.
    public static ProcfsWitness open() {
        Optional<Abi> abi = Abi.here();
        if (abi.isEmpty()) {
            return without("it needs Linux on x86-64 or ARM64");
        }
        Kernel kernel;
        try {
            kernel = new Kernel(abi.get());
        } catch (IllegalCallerException | ExceptionInInitializerError | NoClassDefFoundError e) {
            return without("this JVM may not call native code: --enable-native-access");
        }
        Optional<ProcessStatus> own =
                kernel.text(Kernel.AT_FDCWD, PROC + "/self/status", 1 << 16)
                        .flatMap(ProcessStatus::parse);
        if (own.isEmpty()) {
            return without("procfs is not mounted at " + PROC);
        }
        return Privileges.missing(kernel, own.get())
                .map(why -> without(why))
                .orElseGet(() ->
                        new ProcfsWitness(
                                Optional.of(new Ready(new Crew(abi.get(), THREADS), own.get())),
                                ""));
    }

    /// One that cannot testify.
    ///
    /// @param why in words for a person
    public static ProcfsWitness without(String why) {
        return new ProcfsWitness(Optional.empty(), requireNonNull(why));
    }

    /// Why it can testify about no container at all, and what would help; empty if it can.
    public Optional<String> unavailable() {
        return ready.isPresent() ? Optional.empty() : Optional.of(unavailable);
    }

    /// Probes the paths, and every mount point of the container's mount table besides, as the
    /// service and as root.
    ///
    /// @param pid of the container's first process, as the engine has it
    /// @param container its id
    /// @param paths absolute; one that is not is never tried
    /// @param timeout for all of it
    /// @return one testimony for each identity that the container has; a single one if it could not
    ///   be reached
    public List<Testimony> testify(long pid, String container, List<String> paths, Duration timeout)
            throws InterruptedException {
        return testify(pid, container, paths, timeout, true);
    }

    /// Whether a container's mounts stay as they are from now on; where nobody can look, no change
    /// is seen.
    ///
    /// @param pid of its first process, as the engine has it
    /// @param container its id
    public Stillness stillness(long pid, String container) {
        return ready.flatMap(_ -> Abi.here())
                .map(abi -> Stillness.of(abi, PROC, pid, container))
                .orElse(Stillness.UNKNOWN);
    }

    /// A container to glance at.
    ///
    /// @param pid of its first process, as the engine has it
    /// @param container its id
    /// @param paths as for [#testify]
    public record Sight(long pid, String container, List<String> paths) {}

    /// The same for several, one after the other and by one thread, which costs less than to hand
    /// each over. The mount table of a container whose mounts are watched is read only if it
    /// changed.
    ///
    /// @param timeout for each
    /// @return what is said of each, in their order
    public List<List<Testimony>> glance(List<Sight> sights, Duration timeout)
            throws InterruptedException {
        List<List<Testimony>> said = new ArrayList<>();
        if (ready.isPresent() && sights.size() > 1) {
            Tour tour =
                    new Tour(
                            sights.stream()
                                    .takeWhile(s -> !hangs.tooMany(s.container()))
                                    .map(this::visit)
                                    .toList());
            if (ready.get().crew().begin(tour, timeout.dividedBy(ATTEMPTS))) {
                said.addAll(tour.await(timeout.dividedBy(ATTEMPTS)));
            }
        }
        // The one that it hangs at gets its other attempts, and whoever comes after it a new start.
        for (Sight sight : sights.subList(said.size(), sights.size())) {
            said.add(testify(sight.pid(), sight.container(), sight.paths(), timeout, false));
        }
        return said;
    }

    private Visit visit(Sight sight) {
        return visit(sight.pid(), sight.container(), sight.paths(), false, Instant.now());
    }

    private Visit visit(long pid, String container, List<String> paths, boolean anew, Instant at) {
        return new Visit(
                new Visit.Premises(PROC, ready.orElseThrow().own(), hangs, tables, holds),
                pid,
                container,
                paths.stream().filter(p -> p.startsWith("/")).distinct().toList(),
                anew,
                at);
    }

    private List<Testimony> testify(
            long pid, String container, List<String> paths, Duration timeout, boolean anew)
            throws InterruptedException {
        Instant at = Instant.now();
        long started = System.nanoTime();
        if (ready.isEmpty()) {
            return List.of(none(at, started, Cause.UNREACHABLE, unavailable));
        }
        Visit visit = visit(pid, container, paths, anew, at);
        Duration patience = timeout.dividedBy(ATTEMPTS);
        for (int i = 0; i < ATTEMPTS; i++) {
            if (hangs.tooMany(container)) {
                return List.of(
                        none(at, started, Cause.TIMED_OUT, "the last probes of it hang still"));
            }
            Visit.Leg leg = visit.leg();
            if (!ready.get().crew().begin(leg, patience)) {
                return List.of(none(at, started, Cause.TIMED_OUT, "all probe threads hang"));
            }
            Optional<List<Testimony>> said = leg.await(patience);
            if (said.isPresent()) {
                return said.get();
            }
            leg.abandon();
        }
        return List.of(none(at, started, Cause.TIMED_OUT, "a filesystem does not answer"));
    }

    /// How many mount tables it keeps.
    int tables() {
        return tables.size();
    }

    /// What is kept between visits of containers whose mounts are watched.
    Holds holds() {
        return holds;
    }

    private static Testimony none(Instant at, long started, Cause cause, String detail) {
        return Testimony.none(
                WitnessName.PROCFS,
                Identity.SERVICE,
                at,
                Duration.ofNanos(System.nanoTime() - started),
                new Write.Inconclusive(cause, detail));
    }

    @Override
    public void close() {
        ready.ifPresent(r -> r.crew().close());
    }
}
