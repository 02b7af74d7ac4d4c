/// Reads what the Docker Engine API declares of containers, and which of them are ours.
@NullMarked
package io.github.writeprobe.docker.inspect;

import org.jspecify.annotations.NullMarked;
