/// The `sidecar` witness: the script of `exec`, run by a helper container in the PID namespace of
/// the container to probe. It is for images without a shell on engines that are not on this host.
///
/// It uses the helper's shell, so the container's own programs do not affect the result. But the
/// container's processes can reach the helper, and a hostile process of the same user can falsify
/// its output.
@NullMarked
package io.github.writeprobe.probes.sidecar;

import org.jspecify.annotations.NullMarked;
