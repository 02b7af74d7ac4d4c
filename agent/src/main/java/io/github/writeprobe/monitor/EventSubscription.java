package io.github.writeprobe.monitor;

import io.github.writeprobe.cycle.Engine;
import io.github.writeprobe.cycle.EngineUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds on to one engine's stream of events: asks who answers, listens until the stream ends, and
/// begins anew, waiting longer each time, as long as it is not closed.
final class EventSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(EventSubscription.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /// An engine that comes back is noticed after this at the latest.
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /// A stream that lasted this long was one; some engines agree before they know whether they do.
    private static final Duration LASTING = Duration.ofSeconds(5);

    private static final int REMEMBERED = 512;

    private final EngineMonitor roster;
    private final Engine engine;
    private final BlockingQueue<Message> mailbox;
    private final Set<Engine.Event> heard = new LinkedHashSet<>();
    private final Thread thread;
    private Optional<Instant> last = Optional.empty();
    private volatile boolean closed;

    EventSubscription(EngineMonitor roster, Engine engine, BlockingQueue<Message> mailbox) {
        this.roster = roster;
        this.engine = engine;
        this.mailbox = mailbox;
        this.thread = Thread.ofVirtual().name("link " + engine.host()).unstarted(this::hold);
    }

    void start() {
        thread.start();
    }

    /// Breaks off what is under way, and begins anew after a pause, as if it had ended by itself:
    /// what is wrong with the engine may be so at once again.
    void restart() {
        thread.interrupt();
    }

    void close() {
        closed = true;
        thread.interrupt();
    }

    boolean join(Duration limit) throws InterruptedException {
        return thread.getState() == Thread.State.NEW || thread.join(limit);
    }

    private void hold() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            long from = System.nanoTime();
            try {
                follow();
            } catch (EngineUnavailable e) {
                mailbox.add(new Message.Lost(roster, e.line()));
            } catch (InterruptedException restarted) {
                // Whoever restarts it has said why, and whoever closes it does not want to know.
            } catch (RuntimeException | Error e) {
                // Without this thread nobody would ever follow the engine again.
                LOG.atError().setCause(e).log("this should not have happened, please report it");
                mailbox.add(new Message.Lost(roster, "it could not be followed: " + e));
            }
            boolean lasted = System.nanoTime() - from > LASTING.toNanos();
            pause = lasted ? FIRST_PAUSE : longer(pause);
            rest(pause.plusMillis(ThreadLocalRandom.current().nextLong(200)));
        }
    }

    private void rest(Duration pause) {
        try {
            if (!closed) {
                Thread.sleep(pause);
            }
        } catch (InterruptedException restarted) {
            // It is over sooner.
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private void follow() throws EngineUnavailable, InterruptedException {
        Engine.Identified identified = engine.identify();
        engine.follow(
                last,
                new Engine.Listener() {
                    @Override
                    public void following() {
                        mailbox.add(new Message.Following(roster, identified));
                    }

                    @Override
                    public void happened(Engine.Event event) {
                        if (isNew(event)) {
                            mailbox.add(new Message.Happened(roster, event, System.nanoTime()));
                        }
                    }
                });
    }

    /// An engine that is asked for what was missed repeats what was not. Remembering some events is
    /// better than comparing times, since the engine's clock may be set back.
    private boolean isNew(Engine.Event event) {
        last = Optional.of(event.at());
        if (!heard.add(event)) {
            return false;
        }
        if (heard.size() > REMEMBERED) {
            heard.remove(heard.iterator().next());
        }
        return true;
    }
}
