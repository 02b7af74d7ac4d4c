package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.LinuxSyscalls;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;

/// Sets other credentials for the calling thread, and restores its own.
///
/// setfsuid(2), setfsgid(2) and the raw system calls setgroups and capset affect only one thread,
/// and only its access to files. The thread must do nothing but probe in between: the JVM's own
/// files would also be opened with these credentials.
final class ThreadCredentials {
    private final LinuxSyscalls kernel;
    private final ProcessStatus self;
    private final long permitted;

    /// @param self the status of this process
    ThreadCredentials(LinuxSyscalls kernel, ProcessStatus self) {
        this.kernel = kernel;
        this.self = self;
        this.permitted = self.effective();
    }

    /// Sets the credentials. Skips what is already the same: each call costs as much as half a
    /// probe.
    ///
    /// @return whether all credentials were set; if not, the thread has its own again
    boolean assume(FileAccessCredentials other) {
        long capabilities = other.capabilities() & permitted;
        // The uid is set after the groups and the gid: changing it from 0 clears the capabilities
        // that those calls need.
        boolean applied =
                (hasGroupsOf(other) || kernel.setGroups(other.groups()) == 0)
                        && (other.gid() == self.gid() || kernel.setGroup(other.gid()))
                        && (other.uid() == self.uid() || kernel.setUser(other.uid()))
                        && kernel.setCapabilities(capabilities, permitted, 0) == 0;
        if (!applied) {
            restore(true, true, true);
        }
        return applied;
    }

    /// @param other the credentials that were set
    void restore(FileAccessCredentials other) {
        restore(!hasGroupsOf(other), other.gid() != self.gid(), other.uid() != self.uid());
    }

    /// Whether the supplementary groups make no difference. The gid need not be among them.
    private boolean hasGroupsOf(FileAccessCredentials other) {
        return without(other.gid(), other.groups()).equals(without(other.gid(), self.groups()));
    }

    private static List<Integer> without(int gid, List<Integer> groups) {
        return groups.isEmpty() || groups.equals(List.of(gid))
                ? List.of()
                : groups.stream().filter(g -> g != gid).toList();
    }

    private void restore(boolean groups, boolean gid, boolean uid) {
        boolean restored = kernel.setCapabilities(permitted, permitted, 0) == 0;
        if (uid) {
            restored &= kernel.setUser(self.uid());
            // Changing the uid from 0 clears some capabilities.
            restored &= self.uid() == 0 || kernel.setCapabilities(permitted, permitted, 0) == 0;
        }
        if (gid) {
            restored &= kernel.setGroup(self.gid());
        }
        if (groups) {
            restored &= kernel.setGroups(self.groups()) == 0;
        }
        if (!restored) {
            throw new IllegalStateException("a probe thread could not restore its credentials");
        }
    }
}
