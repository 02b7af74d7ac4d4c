package io.github.writeprobe.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A site whose content a test sets.
final class FakeSite implements SiteContent {
    volatile Supplier<String> metrics = () -> "up 1\n";
    volatile String homePage = "<!DOCTYPE html><title>x</title>\n";
    volatile String generation = "1";
    volatile Optional<String> notReadyReason = Optional.empty();
    volatile Optional<String> unhealthyReason = Optional.empty();
    volatile List<String> mistakes = List.of();

    @Override
    public HomePage homePage() {
        return new HomePage(
                new WebDocument("text/html; charset=utf-8", homePage.getBytes(UTF_8)),
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
    public Optional<String> notReadyReason() {
        return notReadyReason;
    }

    @Override
    public Optional<String> unhealthyReason() {
        return unhealthyReason;
    }

    @Override
    public List<String> reload() {
        return mistakes;
    }
}
