/// The engine adapter: the Docker Engine API through docker-java's HTTP transport.
///
/// Every call has a deadline that really fires. Nothing but the composition root imports this
/// package.
@NullMarked
package io.github.writeprobe.docker;

import org.jspecify.annotations.NullMarked;
