package io.github.writeprobe.probes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the machine's kernel says of devices that an engine declares.
///
/// @param nodes by declared path of the host: the device that it leads to, or all that are in that
///   directory; a path that could not be looked at is not in it
/// @param drivers of character devices by major number: `/proc/devices`
/// @param misc names by minor number of the devices that share major number 10: `/proc/misc`
public record DeviceFacts(
        Map<String, List<DeviceNode>> nodes,
        Map<Integer, String> drivers,
        Map<Integer, String> misc) {
    /// Of a witness that did not look at any.
    public static final DeviceFacts NONE = new DeviceFacts(Map.of(), Map.of(), Map.of());

    public DeviceFacts {
        Map<String, List<DeviceNode>> copies = new HashMap<>();
        nodes.forEach((path, devices) -> copies.put(path, List.copyOf(devices)));
        nodes = Map.copyOf(copies);
        drivers = Map.copyOf(drivers);
        misc = Map.copyOf(misc);
    }
}
