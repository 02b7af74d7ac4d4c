package io.github.writeprobe.judge;

import io.github.writeprobe.probes.DeviceFacts;
import io.github.writeprobe.probes.DeviceNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What write access to a device allows. It is decided by the device's number and driver, or by its
/// name if its number is not known.
///
/// The numbers are those in the kernel's `Documentation/admin-guide/devices.txt`. The host's own
/// `/proc/devices` and `/proc/misc` take precedence.
final class DeviceKinds {
    /// What a container can do with the device.
    enum Risk {
        /// It can write to disks or memory, bypassing all mounts.
        DANGEROUS,
        /// It cannot change files or memory outside its mounts.
        HARMLESS,
        /// The device is not known.
        UNKNOWN
    }

    private static final int MEM = 1;
    private static final int MISC = 10;
    private static final int OPTICAL_DRIVE = 11;

    private static final Map<Integer, String> MAJORS =
            Map.ofEntries(
                    Map.entry(4, "tty"),
                    Map.entry(5, "/dev/tty"),
                    Map.entry(6, "lp"),
                    Map.entry(7, "vcs"),
                    Map.entry(13, "input"),
                    Map.entry(14, "sound"),
                    Map.entry(21, "sg"),
                    Map.entry(29, "fb"),
                    Map.entry(81, "video4linux"),
                    Map.entry(89, "i2c"),
                    Map.entry(90, "mtd"),
                    Map.entry(108, "ppp"),
                    Map.entry(116, "alsa"),
                    Map.entry(136, "pts"),
                    Map.entry(153, "spi"),
                    Map.entry(162, "raw"),
                    Map.entry(166, "ttyACM"),
                    Map.entry(188, "ttyUSB"),
                    Map.entry(189, "usb_device"),
                    Map.entry(195, "nvidia"),
                    Map.entry(204, "ttyMAX"),
                    Map.entry(212, "DVB"),
                    Map.entry(216, "rfcomm"),
                    Map.entry(226, "drm"));

    private static final Map<Integer, String> MISC_MINORS =
            Map.of(
                    130, "watchdog",
                    135, "rtc",
                    183, "hw_random",
                    200, "tun",
                    229, "fuse",
                    232, "kvm",
                    236, "device-mapper",
                    237, "loop-control",
                    238, "vhost-net",
                    242, "rfkill");

    /// `/dev/mem`, `/dev/kmem`, `/dev/port`, `/dev/core` and `/dev/oldmem`, the memory of a kernel
    /// that crashed.
    private static final Set<Integer> MEMORY_MINORS = Set.of(1, 2, 4, 6, 12);

    /// `null`, `zero`, `full`, `random`, `urandom`, `kmsg`.
    private static final Set<Integer> HARMLESS_MEM_MINORS = Set.of(3, 5, 7, 8, 9, 11);

    /// Drivers that pass commands directly to a disk or a flash chip.
    private static final Set<String> DISK_DRIVERS =
            Set.of("sg", "bsg", "mtd", "nvme", "nvme-generic", "raw");

    private static final Pattern HARMLESS_DRIVER =
            Pattern.compile(
                    "tty.*|/dev/(tty|console|ptmx|vc/0)|pt[sm]|vcs|lp|ppp|fb|alsa|sound|video4linux|media"
                            + "|DVB|cec|lirc|drm|accel|kfd|nvidia.*|rtc|gpiochip|.*gpiomem|vchiq|vcio|i2c|spi"
                            + "|iio|pps|ptp|watchdog|tpm|rfcomm");

    /// Everything with which these devices affect more than the container takes CAP_SYS_ADMIN.
    private static final Set<String> HARMLESS_MISC =
            Set.of(
                    "fuse",
                    "tun",
                    "kvm",
                    "vhost-net",
                    "vhost-vsock",
                    "vsock",
                    "hw_random",
                    "rtc",
                    "watchdog",
                    "loop-control",
                    "device-mapper",
                    "btrfs-control",
                    "rfkill",
                    "cpu_dma_latency",
                    "udmabuf",
                    "userfaultfd",
                    "ntsync",
                    "vga_arbiter",
                    "sgx_enclave",
                    "sgx_provision",
                    "tpm0");

    private static final Pattern POWERFUL_NAME =
            Pattern.compile(
                    "|(sd|hd|vd|xvd)[a-z]+[0-9]*|(nvme|ng|mmcblk|loop|dm-|md|sg|nbd|zram|ram|mtd|rbd|drbd|bcache"
                            + "|zd|pmem)[0-9].*|(mapper|disk|block|md|bsg|mtd|zvol|raw|cciss|nbd|rbd|drbd)(/.*)?"
                            + "|mem|kmem|port|root");

    private static final Pattern HARMLESS_NAME =
            Pattern.compile(
                    "null|zero|full|random|urandom|kmsg|tty|tty[0-9]+|console|ptmx|fuse|net/tun|kvm|kfd|ppp"
                            + "|vhost-net|vhost-vsock|hwrng|loop-control|rfkill|vchiq|vcio|mapper/control"
                            + "|(ttyUSB|ttyACM|ttyAMA|ttyS|video|media|fb|gpiochip|i2c-|cec|lirc|rtc|rfcomm"
                            + "|watchdog|tpm|tpmrm|nvidia|nvidiactl|nvidia-)[0-9a-z-]*|spidev[0-9.]+|gpiomem[0-9]*"
                            + "|(dri|snd|dvb|accel|serial|nvidia-caps)(/.*)?");

    private static final Pattern RULE =
            Pattern.compile("([abc])\\s+(\\*|[0-9]+):(\\*|[0-9]+)\\s+([rwm]+)");

    private final DeviceFacts facts;

    DeviceKinds(DeviceFacts facts) {
        this.facts = facts;
    }

    /// @param pathOnHost the declared path of a device, or of a directory of devices
    Risk ofPath(String pathOnHost) {
        Risk byName = ofName(pathOnHost);
        List<DeviceNode> nodes = facts.nodes().get(pathOnHost);
        if (nodes == null) {
            return byName;
        }
        Risk worst = worst(nodes.stream().map(this::ofNode));
        // A harmless name decides if the number is not known: the host itself gave it the name.
        return worst == Risk.UNKNOWN && byName == Risk.HARMLESS ? byName : worst;
    }

    private static Risk worst(Stream<Risk> all) {
        List<Risk> seen = all.distinct().toList();
        return Stream.of(Risk.DANGEROUS, Risk.UNKNOWN)
                .filter(seen::contains)
                .findFirst()
                .orElse(Risk.HARMLESS);
    }

    private Risk ofNode(DeviceNode node) {
        if (node.block()) {
            return node.major() == OPTICAL_DRIVE ? Risk.HARMLESS : Risk.DANGEROUS;
        }
        return switch (node.major()) {
            case MEM ->
                    MEMORY_MINORS.contains(node.minor())
                            ? Risk.DANGEROUS
                            : HARMLESS_MEM_MINORS.contains(node.minor())
                                    ? Risk.HARMLESS
                                    : Risk.UNKNOWN;
            case MISC ->
                    driverName(facts.misc(), MISC_MINORS, node.minor())
                            .filter(HARMLESS_MISC::contains)
                            .map(_ -> Risk.HARMLESS)
                            .orElse(Risk.UNKNOWN);
            default ->
                    driverName(facts.drivers(), MAJORS, node.major())
                            .map(DeviceKinds::ofDriver)
                            .orElse(Risk.UNKNOWN);
        };
    }

    private static Optional<String> driverName(
            Map<Integer, String> onMachine, Map<Integer, String> known, int number) {
        return Optional.ofNullable(onMachine.getOrDefault(number, known.get(number)));
    }

    private static Risk ofDriver(String name) {
        if (DISK_DRIVERS.contains(name)) {
            return Risk.DANGEROUS;
        }
        return HARMLESS_DRIVER.matcher(name).matches() ? Risk.HARMLESS : Risk.UNKNOWN;
    }

    private static Risk ofName(String pathOnHost) {
        boolean isNormalised =
                (pathOnHost.equals("/dev") || pathOnHost.startsWith("/dev/"))
                        && Arrays.stream(pathOnHost.split("/", -1))
                                .noneMatch(part -> part.equals("..") || part.equals("."));
        if (!isNormalised) {
            return Risk.UNKNOWN;
        }
        String name = pathOnHost.substring("/dev".length()).replaceAll("^/+|/+$", "");
        if (HARMLESS_NAME.matcher(name).matches()) {
            return Risk.HARMLESS;
        }
        return POWERFUL_NAME.matcher(name).matches() ? Risk.DANGEROUS : Risk.UNKNOWN;
    }

    /// The container can create the device node that a rule allows, if it has CAP_MKNOD. Or the
    /// image contains one.
    ///
    /// @param rule of the device cgroup, such as `b 7:* rwm`
    Risk ofRule(String rule) {
        var parsed = RULE.matcher(rule.strip());
        if (!parsed.matches()) {
            return Risk.UNKNOWN;
        }
        String type = parsed.group(1);
        if (type.equals("a")) {
            return Risk.DANGEROUS;
        }
        if (!parsed.group(4).contains("w")) {
            return Risk.HARMLESS;
        }
        Optional<Integer> major = parseNumber(parsed.group(2));
        Optional<Integer> minor = parseNumber(parsed.group(3));
        if (major.isEmpty() || (major.get() == MEM && minor.isEmpty())) {
            return Risk.DANGEROUS;
        }
        return ofNode(new DeviceNode(type.equals("b"), major.get(), minor.orElse(-1)));
    }

    /// @return empty for `*`, which means all numbers; -1 for a number that is too large
    private static Optional<Integer> parseNumber(String text) {
        return text.equals("*")
                ? Optional.empty()
                : Optional.of(text.length() > 7 ? -1 : Integer.parseInt(text));
    }
}
