package io.github.writeprobe.recommend;

import java.time.Duration;

/// How time passes.
interface TimeSource {
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

    /// To be compared with others of its kind only.
    long nanos();

    void pause(Duration duration) throws InterruptedException;
}
