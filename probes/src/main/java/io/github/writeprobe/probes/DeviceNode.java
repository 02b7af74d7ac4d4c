package io.github.writeprobe.probes;

/// A device, as the kernel knows it: mknod(2). Its name says nothing about it.
///
/// @param block whether it is a block device; otherwise it is a character device
public record DeviceNode(boolean block, int major, int minor) {}
