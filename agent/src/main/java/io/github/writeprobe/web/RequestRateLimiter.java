package io.github.writeprobe.web;

import io.github.writeprobe.config.WebConfiguration.RateLimit;

/// A rate limit: allows a burst of requests, and then one more in each interval.
final class RequestRateLimiter {
    private final RateLimit limit;
    private double tokens;
    private long refilledAt;

    RequestRateLimiter(RateLimit limit) {
        this.limit = limit;
        this.tokens = limit.burst();
        this.refilledAt = System.nanoTime();
    }

    /// Whether one more request is allowed now.
    synchronized boolean tryAcquire() {
        long now = System.nanoTime();
        double more = (now - refilledAt) / (double) limit.interval().toNanos();
        tokens = Math.min(limit.burst(), tokens + more);
        refilledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
