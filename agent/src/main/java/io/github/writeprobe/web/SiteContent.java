package io.github.writeprobe.web;

import java.util.List;
import java.util.Optional;

/// The content that the server shows, and the one action that it offers: reload.
///
/// Called from many threads at once, which are interrupted when a client has disconnected or the
/// server closes.
public interface SiteContent {
    /// The page for a browser.
    HomePage homePage();

    /// Identifies the state that [#homePage()] shows. It changes as soon as there is something new
    /// to show, and is cheap to call.
    String generation();

    /// A page for a browser.
    ///
    /// @param policy the value of the header Content-Security-Policy
    record HomePage(WebDocument document, String policy) {}

    /// The metrics, in the format that a scraper prefers.
    ///
    /// @param accept the request's Accept header; empty if it has none
    WebDocument metrics(Optional<String> accept);

    /// The current report, as JSON.
    WebDocument report();

    /// Why the site is not ready; empty if it is.
    Optional<String> notReadyReason();

    /// Why the site is unhealthy; empty if it is healthy.
    Optional<String> unhealthyReason();

    /// Reloads the configuration. Calls do not overlap.
    ///
    /// @return the mistakes of the configuration, in which case the previous one stays in use;
    ///   empty if the reload succeeded
    List<String> reload();
}
