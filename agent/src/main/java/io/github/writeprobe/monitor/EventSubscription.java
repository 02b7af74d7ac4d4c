package io.github.writeprobe.monitor;

import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.engine.EngineUnavailable;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The subscriptions to one engine's events, one after the other. Each identifies the engine and
/// receives events until its stream ends. An event that an earlier subscription received is not
/// delivered twice.
final class EventSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(EventSubscription.class);
    private static final int REMEMBERED = 512;

    private final EngineKey key;
    private final Engine engine;
    private final Consumer<MonitorInput> receiver;
    private final LongSupplier nanos;
    private final Set<Engine.Event> received = new LinkedHashSet<>();
    private Optional<Instant> last = Optional.empty();

    EventSubscription(
            EngineKey key, Engine engine, Consumer<MonitorInput> receiver, LongSupplier nanos) {
        this.key = key;
        this.engine = engine;
        this.receiver = receiver;
        this.nanos = nanos;
    }

    /// Blocks until the stream ends or the thread is interrupted. Only one call at a time.
    MonitorInput.SubscriptionEnded run() {
        try {
            subscribe();
            return ended(Optional.empty());
        } catch (EngineUnavailable e) {
            return ended(Optional.of(e.line()));
        } catch (InterruptedException unsubscribed) {
            return ended(Optional.empty());
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("unexpected error; please report it");
            return ended(Optional.of("unexpected error: " + e));
        }
    }

    private MonitorInput.SubscriptionEnded ended(Optional<String> reason) {
        return new MonitorInput.SubscriptionEnded(key, reason);
    }

    private synchronized void subscribe() throws EngineUnavailable, InterruptedException {
        Engine.Identified identified = engine.identify();
        engine.follow(
                last,
                new Engine.Listener() {
                    @Override
                    public void onSubscribed() {
                        receiver.accept(new MonitorInput.Subscribed(key, identified));
                    }

                    @Override
                    public void onEvent(Engine.Event event) {
                        if (isNew(event)) {
                            long at = nanos.getAsLong();
                            receiver.accept(new MonitorInput.EventReceived(key, event, at));
                        }
                    }
                });
    }

    /// An engine that resends missed events also resends some that were received. Comparing with
    /// the last received events is safer than comparing times, because the engine's clock may be
    /// set back.
    private boolean isNew(Engine.Event event) {
        last = Optional.of(event.at());
        if (!received.add(event)) {
            return false;
        }
        if (received.size() > REMEMBERED) {
            received.remove(received.iterator().next());
        }
        return true;
    }
}
