/// What every engine offers: list, inspect, events, exec. What only some offer is an ability that
/// is asked for by its type.
///
/// [io.github.writeprobe.docker] implements it for Docker and Podman, and
/// [io.github.writeprobe.cri] for containerd and CRI-O. Nothing here knows an engine of any kind.
@NullMarked
package io.github.writeprobe.engine;

import org.jspecify.annotations.NullMarked;
