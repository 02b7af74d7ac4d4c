package io.github.writeprobe.audit;

import io.github.writeprobe.engine.EngineUnavailable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waits for a task and throws what the task threw.
final class Futures {
    private Futures() {}

    static <T> T await(Future<T> future) throws InterruptedException, EngineUnavailable {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case EngineUnavailable unavailable -> throw unavailable;
                case InterruptedException interrupted -> throw interrupted;
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
