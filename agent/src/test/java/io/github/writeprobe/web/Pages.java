package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A site that shows what a test puts on it.
final class Pages implements Site {
    volatile Supplier<String> metrics = () -> "up 1\n";
    volatile String home = "<!DOCTYPE html><title>x</title>\n";
    volatile String generation = "1";
    volatile Optional<String> unready = Optional.empty();
    volatile Optional<String> unhealthy = Optional.empty();
    volatile List<String> mistakes = List.of();

    @Override
    public Home home() {
        return new Home(
                new WebDocument("text/html; charset=utf-8", home.getBytes(UTF_8)),
                "default-src 'none'");
    }

    @Override
    public String generation() {
        return generation;
    }

    @Override
    public WebDocument metrics(Optional<String> accept) {
        return new WebDocument(
                accept.filter(a -> a.contains("openmetrics")).orElse("text/plain; version=0.0.4"),
                metrics.get().getBytes(UTF_8));
    }

    @Override
    public WebDocument report() {
        return new WebDocument("application/json", "{}".getBytes(UTF_8));
    }

    @Override
    public Optional<String> unready() {
        return unready;
    }

    @Override
    public Optional<String> unhealthy() {
        return unhealthy;
    }

    @Override
    public List<String> reload() {
        return mistakes;
    }
}
