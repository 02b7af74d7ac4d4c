package io.github.writeprobe.probes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the host's kernel reports about devices that an engine declares.
///
/// @param nodes by declared host path: the device that the path leads to, or all devices in that
///   directory; paths that could not be inspected are missing
/// @param drivers the drivers of character devices by major number: `/proc/devices`
/// @param misc the names, by minor number, of the devices that share major number 10: `/proc/misc`
public record DeviceFacts(
        Map<String, List<DeviceNode>> nodes,
        Map<Integer, String> drivers,
        Map<Integer, String> misc) {
    /// The facts of a witness that does not inspect devices.
    public static final DeviceFacts NONE = new DeviceFacts(Map.of(), Map.of(), Map.of());

    public DeviceFacts {
        Map<String, List<DeviceNode>> copies = new HashMap<>();
        nodes.forEach((path, devices) -> copies.put(path, List.copyOf(devices)));
        nodes = Map.copyOf(copies);
        drivers = Map.copyOf(drivers);
        misc = Map.copyOf(misc);
    }
}
