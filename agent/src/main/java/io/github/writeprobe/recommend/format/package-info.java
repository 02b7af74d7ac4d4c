/// Ways to write a proposal down: for Compose, `docker run`, Swarm, Kubernetes, and for programs.
///
/// A format is a function of the proposals alone. Where its syntax cannot say something, it says
/// that it cannot. Strangers' texts are quoted as the format wants it, and plain in comments.
@NullMarked
package io.github.writeprobe.recommend.format;

import org.jspecify.annotations.NullMarked;
