package io.github.writeprobe.monitor;

import io.github.writeprobe.model.Container;
import java.util.List;

/// One asking of the witnesses about one container.
///
/// @param life which life of the container it is about: [TrackedContainer#life]
/// @param paths to probe
/// @param suspect whether it takes a place for those that spoilt their last probe
/// @param since when it was begun, as [System#nanoTime()]
record ProbeRequest(
        Container container, int life, List<String> paths, boolean suspect, long since) {}
