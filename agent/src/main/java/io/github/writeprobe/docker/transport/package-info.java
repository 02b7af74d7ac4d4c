/// Connections to the Docker Engine API, on top of docker-java's HTTP transport: endpoints,
/// requests, answers, and their errors. Every call has a deadline that is enforced.
@NullMarked
package io.github.writeprobe.docker.transport;

import org.jspecify.annotations.NullMarked;
