/// Output formats for proposals: Compose, `docker run`, Swarm, Kubernetes, and JSON.
///
/// A format depends on the proposals alone. If its syntax cannot express something, the output says
/// so. Untrusted text is quoted as the format requires, and escaped in comments.
@NullMarked
package io.github.writeprobe.recommend.format;

import org.jspecify.annotations.NullMarked;
