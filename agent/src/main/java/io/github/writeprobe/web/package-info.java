/// Answers HTTP requests for what a [Site] shows, whatever clients do to it.
///
/// It knows who may ask and how long they may take, and nothing of what it shows. Who builds on it
/// starts a [WebServer].
@NullMarked
package io.github.writeprobe.web;

import org.jspecify.annotations.NullMarked;
