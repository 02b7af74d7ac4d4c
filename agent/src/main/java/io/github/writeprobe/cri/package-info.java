/// The adapter to the Container Runtime Interface (CRI) of Kubernetes, which containerd and CRI-O
/// serve. It implements [io.github.writeprobe.engine].
///
/// Only [io.github.writeprobe.agent] knows it, and only for hosts that begin with `cri://`: its
/// libraries take time and memory, which a host without Kubernetes need not pay.
@NullMarked
package io.github.writeprobe.cri;

import org.jspecify.annotations.NullMarked;
