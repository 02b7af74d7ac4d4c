package io.github.writeprobe.web;

import java.util.List;
import java.util.Optional;

/// What the server shows, and the one thing that it can be asked to do.
///
/// Called from many threads at once, which are interrupted when a client has hung up or the server
/// closes.
public interface Site {
    /// What a person sees who comes with a browser.
    HomePage homePage();

    /// Names the state of things that [#homePage()] shows. It is another as soon as there is
    /// something else to be seen; cheap to ask.
    String generation();

    /// A page for a browser.
    ///
    /// @param policy for the header Content-Security-Policy
    record HomePage(WebDocument document, String policy) {}

    /// The metrics, in the format that a scraper prefers.
    ///
    /// @param accept the request's Accept header; empty if it has none
    WebDocument metrics(Optional<String> accept);

    /// The last report, as JSON.
    WebDocument report();

    /// Why this is not ready to be asked yet; empty if it is.
    Optional<String> notReadyReason();

    /// Why this does not work; empty if it does.
    Optional<String> unhealthyReason();

    /// Reads the configuration again. Never called twice at the same time.
    ///
    /// @return what is wrong with it, and then the old one stays; empty if it was taken
    List<String> reload();
}
