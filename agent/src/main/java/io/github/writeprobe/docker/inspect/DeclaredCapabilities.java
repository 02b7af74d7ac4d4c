package io.github.writeprobe.docker.inspect;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Computes the effective capabilities of a container as the engine does.
///
/// @see <a href="https://github.com/moby/moby/blob/v28.5.2/oci/caps/utils.go">TweakCapabilities</a>
public final class DeclaredCapabilities {
    private static final String ALL_NAME = "ALL";

    private static final Set<String> DEFAULT =
            Set.of(
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FSETID",
                    "FOWNER",
                    "MKNOD",
                    "NET_RAW",
                    "SETGID",
                    "SETUID",
                    "SETFCAP",
                    "SETPCAP",
                    "NET_BIND_SERVICE",
                    "SYS_CHROOT",
                    "KILL",
                    "AUDIT_WRITE");

    /// capabilities(7), up to Linux 5.9.
    private static final Set<String> ALL =
            Set.of(
                    ("AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE"
                                    + " CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK"
                                    + " IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE"
                                    + " MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW"
                                    + " PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN"
                                    + " SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT"
                                    + " SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG"
                                    + " WAKE_ALARM")
                            .split(" "));

    private DeclaredCapabilities() {}

    /// @param added `HostConfig.CapAdd`, in any spelling that the engine accepts
    /// @param dropped `HostConfig.CapDrop`; a capability that is both added and dropped by name is
    ///   added
    public static Set<String> effective(
            boolean privileged, Collection<String> added, Collection<String> dropped) {
        Set<String> addedNames = normalizedNames(added);
        Set<String> droppedNames = normalizedNames(dropped);
        Set<String> result;
        if (privileged) {
            result = new TreeSet<>(ALL);
        } else if (addedNames.contains(ALL_NAME)) {
            result = new TreeSet<>(ALL);
            result.removeAll(droppedNames);
        } else if (droppedNames.contains(ALL_NAME)) {
            result = new TreeSet<>(addedNames);
        } else {
            result = new TreeSet<>(DEFAULT);
            result.removeAll(droppedNames);
            result.addAll(addedNames);
        }
        return result;
    }

    private static Set<String> normalizedNames(Collection<String> spelled) {
        return spelled.stream()
                .map(name -> name.strip().toUpperCase(Locale.ROOT))
                .map(name -> name.startsWith("CAP_") ? name.substring("CAP_".length()) : name)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
