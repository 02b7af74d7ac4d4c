/// The adapter to the Docker Engine API, on top of docker-java's HTTP transport.
///
/// Every call has a deadline that is enforced. Only the composition root imports this package.
@NullMarked
package io.github.writeprobe.docker;

import org.jspecify.annotations.NullMarked;
