/// Calls of the CRI by gRPC over a Unix socket, and the encoding of its messages.
@NullMarked
package io.github.writeprobe.cri.transport;

import org.jspecify.annotations.NullMarked;
