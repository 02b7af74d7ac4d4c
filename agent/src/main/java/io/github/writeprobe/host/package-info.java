/// What the machine says to a daemon, and is told by it: a supervisor that wants to know how it is,
/// a hangup, the end.
@NullMarked
package io.github.writeprobe.host;

import org.jspecify.annotations.NullMarked;
