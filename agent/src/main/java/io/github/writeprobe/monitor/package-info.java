/// Keeps the verdicts of all containers fresh, for as long as it runs: engines are followed by
/// their events and by a pass every interval, and the board always holds what is known now.
///
/// One thread decides ([io.github.writeprobe.monitor.Follower]); whatever takes time is done by
/// others ([io.github.writeprobe.monitor.EngineTasks],
/// [io.github.writeprobe.monitor.EventSubscription]), and comes back as a
/// [io.github.writeprobe.monitor.Message].
@NullMarked
package io.github.writeprobe.monitor;

import org.jspecify.annotations.NullMarked;
