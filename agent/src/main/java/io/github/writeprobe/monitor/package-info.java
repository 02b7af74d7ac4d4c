/// The agent's monitor: it keeps the verdicts of all containers up to date. It learns of changes
/// from the engines' events, from the kernel's mount notifications, and from a cycle every
/// interval. The report board always holds the current state.
///
/// One thread decides ([io.github.writeprobe.monitor.Monitor]). Everything that takes time runs on
/// other threads ([io.github.writeprobe.monitor.EngineTasks],
/// [io.github.writeprobe.monitor.EventSubscription]) and comes back as a
/// [io.github.writeprobe.monitor.MonitorInput].
@NullMarked
package io.github.writeprobe.monitor;

import org.jspecify.annotations.NullMarked;
