/// An HTTP server for a [SiteContent], which slow and hostile clients cannot block.
///
/// It is responsible for authentication, time limits and TLS, and knows nothing of the content.
/// [WebServer] is the entry point.
@NullMarked
package io.github.writeprobe.web;

import org.jspecify.annotations.NullMarked;
