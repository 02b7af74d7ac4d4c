package io.github.writeprobe.recommend.prove;

import java.time.Duration;

/// A clock that tests can replace.
public interface TimeSource {
    TimeSource SYSTEM =
            new TimeSource() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public void pause(Duration duration) throws InterruptedException {
                    Thread.sleep(duration);
                }
            };

    /// A time in nanoseconds. Only differences have a meaning, as with [System#nanoTime()].
    long nanos();

    void pause(Duration duration) throws InterruptedException;
}
