/// The adapter to the Docker Engine API, which Podman serves too: the engine, its events, execs and
/// helper containers.
///
/// It stands on `transport` (connections and answers), `inspect` (what the API declares) and
/// `archive` (files in containers); `clone` is beside it. Only the composition root imports this
/// package.
@NullMarked
package io.github.writeprobe.docker;

import org.jspecify.annotations.NullMarked;
