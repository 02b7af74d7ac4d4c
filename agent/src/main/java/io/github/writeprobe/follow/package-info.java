/// Keeps the verdicts of all containers fresh, for as long as it runs: engines are followed by
/// their events and by a pass every interval, and the board always holds what is known now.
///
/// One thread decides ([io.github.writeprobe.follow.Follower]); whatever takes time is done by
/// others ([io.github.writeprobe.follow.EngineTasks],
/// [io.github.writeprobe.follow.EventSubscription]), and comes back as a
/// [io.github.writeprobe.follow.Message].
@NullMarked
package io.github.writeprobe.follow;

import org.jspecify.annotations.NullMarked;
