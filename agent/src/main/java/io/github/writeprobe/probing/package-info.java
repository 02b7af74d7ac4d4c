/// Asks the witnesses that can answer about one container, and keeps only what they agree on or
/// what did not change meanwhile. Also what bounds this: settings, and the memory for strangers'
/// text.
@NullMarked
package io.github.writeprobe.probing;

import org.jspecify.annotations.NullMarked;
