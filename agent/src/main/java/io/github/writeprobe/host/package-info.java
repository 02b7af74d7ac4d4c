/// Signals, systemd's notifications, and the orderly end of the agent.
@NullMarked
package io.github.writeprobe.host;

import org.jspecify.annotations.NullMarked;
