package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.probes.writes.ObservationGap;
import io.github.writeprobe.probes.writes.ProcfsFiles;
import io.github.writeprobe.probes.writes.WriteObservations;
import io.github.writeprobe.probes.writes.WriteObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Finds out what one container writes, from now on until it is ended, from every source there is.
///
/// A container that ends is waited for a little: if it starts again it is watched again, and what
/// both wrote counts. Several can be observed at once, each by itself; see [#together]. Belongs to
/// one thread at a time.
public final class ContainerObserver implements AutoCloseable {
    /// How long a container that has ended is waited for.
    private static final Duration GRACE = Duration.ofSeconds(10);

    /// A container that ends again and again is not followed for ever.
    private static final int MOST_STARTS = 20;

    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final Duration ASK = Duration.ofSeconds(1);

    private final RecommendEngine workshop;
    private final Subject subject;
    private final boolean watch;

    /// Whether it could be seen at all.
    private final boolean seen;

    private final List<WriteObservations> accounts = new ArrayList<>();
    private WriteObserver lookout;
    private long pid;
    private Optional<Long> endedAt = Optional.empty();
    private long askedAt;
    private long filesBefore;
    private long writesBefore;

    private ContainerObserver(
            RecommendEngine workshop, Subject subject, boolean watch, WriteObserver lookout) {
        this.workshop = requireNonNull(workshop);
        this.subject = requireNonNull(subject);
        this.watch = watch;
        this.lookout = lookout;
        this.pid = subject.container().pid();
        this.seen = !lookout.tally().ended();
    }

    /// Begins; returns once writes are heard, and what stands open was looked at.
    ///
    /// @param watch whether writes are watched; else the container is looked at, and no more
    public static ContainerObserver begin(RecommendEngine workshop, Subject subject, boolean watch)
            throws InterruptedException {
        return new ContainerObserver(
                workshop,
                subject,
                watch,
                WriteObserver.begin(subject.container().pid(), subject.container().id(), watch));
    }

    /// How far it has come.
    ///
    /// @param files that were seen to be written or open
    /// @param writes that were seen
    /// @param over whether there is nothing to wait for: the container has ended and did not start
    ///   again, or nobody can look at it from here
    public record Tally(long files, long writes, boolean over) {}

    /// Looks how far it has come, and whether a container that ended is there again. To be asked
    /// several times a second.
    public Tally tally() throws InterruptedException {
        boolean over = false;
        if (lookout.tally().ended()) {
            long nanos = System.nanoTime();
            long since = endedAt.orElse(nanos);
            endedAt = Optional.of(since);
            over = nanos - since > GRACE.toNanos() || !startsAgain(nanos);
        }
        WriteObserver.Tally now = lookout.tally();
        return new Tally(filesBefore + now.files(), writesBefore + now.events(), over);
    }

    /// @return whether it did, or may yet
    private boolean startsAgain(long nanos) throws InterruptedException {
        if (!seen || accounts.size() >= MOST_STARTS) {
            return false;
        }
        if (nanos - askedAt < ASK.toNanos()) {
            return true;
        }
        askedAt = nanos;
        try {
            Optional<Subject> found = workshop.subject(subject.container().id());
            long fresh = found.map(s -> s.container().pid()).orElse(0L);
            // For a moment the engine may not know yet that it ended.
            if (fresh > 0 && fresh != pid) {
                change(fresh);
            }
            return found.isPresent();
        } catch (EngineUnavailable e) {
            return true;
        }
    }

    private void change(long fresh) throws InterruptedException {
        WriteObserver.Tally before = lookout.tally();
        filesBefore += before.files();
        writesBefore += before.events();
        WriteObservations ended = ended();
        // That it ended is no loss, since it goes on.
        accounts.add(
                new WriteObservations(
                        ended.written(),
                        ended.watched(),
                        ended.gaps().stream()
                                .filter(g -> g.kind() != ObservationGap.Kind.ENDED)
                                .toList()));
        pid = fresh;
        endedAt = Optional.empty();
        lookout = WriteObserver.begin(fresh, subject.container().id(), watch);
    }

    private WriteObservations ended() throws InterruptedException {
        try (WriteObserver last = lookout) {
            return last.end();
        }
    }

    /// Ends it.
    ///
    /// @return all that was learned; what could not be is a shortfall
    public Observations end() throws InterruptedException {
        accounts.add(ended());
        List<Shortfall> shortfalls = new ArrayList<>();
        List<FileChange> changes = List.of();
        try {
            changes = workshop.changes(subject.container().id());
        } catch (EngineUnavailable e) {
            shortfalls.add(Shortfalls.noChanges(e.line()));
        }
        List<ObservationGap> gaps = accounts.stream().flatMap(a -> a.gaps().stream()).toList();
        shortfalls.addAll(Shortfalls.of(gaps, watch));
        return new Observations(
                subject,
                changes,
                TracedWrites.of(accounts, changes),
                List.of(),
                ProcfsFiles.of(pid, subject.container().id())
                        .orElseGet(() -> workshop.files(subject.container().id())),
                accounts.stream()
                        .map(WriteObservations::watched)
                        .reduce(Duration.ZERO, Duration::plus),
                shortfalls);
    }

    @Override
    public void close() {
        lookout.close();
    }

    /// Hears how far it has come. Called from one thread.
    public interface Progress {
        /// @param files that were seen, in all containers
        /// @param writes that were seen
        void at(Duration elapsed, long files, long writes);
    }

    /// Observes several at once, for so long or until somebody says that it is enough, or until
    /// there is nothing more to see; and ends them.
    ///
    /// @param enough counted down, from any thread, to end early with what was learned so far
    /// @return what was learned of each, in the same order
    public static List<Observations> together(
            List<ContainerObserver> those,
            Duration duration,
            CountDownLatch enough,
            Progress progress)
            throws InterruptedException {
        long from = System.nanoTime();
        Duration elapsed = Duration.ZERO;
        boolean over = false;
        while (!over && elapsed.compareTo(duration) < 0) {
            Duration left = duration.minus(elapsed);
            Duration pause = left.compareTo(GLANCE) < 0 ? left : GLANCE;
            over = enough.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            elapsed = Duration.ofNanos(System.nanoTime() - from);
            List<Tally> tallies = new ArrayList<>();
            for (ContainerObserver one : those) {
                tallies.add(one.tally());
            }
            progress.at(
                    elapsed,
                    tallies.stream().mapToLong(Tally::files).sum(),
                    tallies.stream().mapToLong(Tally::writes).sum());
            over |= tallies.stream().allMatch(Tally::over);
        }
        return ended(those);
    }

    /// All at the same time: an engine takes its time for a `docker diff`, and meanwhile the others
    /// would be watched for longer than was asked for.
    private static List<Observations> ended(List<ContainerObserver> those)
            throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                List<Future<Observations>> ends = new ArrayList<>();
                for (ContainerObserver one : those) {
                    ends.add(threads.submit(one::end));
                }
                List<Observations> learned = new ArrayList<>();
                for (Future<Observations> end : ends) {
                    learned.add(end.get());
                }
                return learned;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
