package io.github.writeprobe.probes;

/// A device, as the kernel identifies it: mknod(2). The file's name proves nothing.
///
/// @param block whether it is a block device; otherwise it is a character device
public record DeviceNode(boolean block, int major, int minor) {}
