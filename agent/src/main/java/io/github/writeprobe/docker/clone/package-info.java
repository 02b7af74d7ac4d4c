/// Makes clones of containers to prove a proposal, with their networks and volumes, and removes all
/// of them.
@NullMarked
package io.github.writeprobe.docker.clone;

import org.jspecify.annotations.NullMarked;
