package io.github.writeprobe.probes.procfs;

import io.github.writeprobe.probes.kernel.Kernel;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;

/// Puts other credentials on the calling thread, and takes them off again.
///
/// setfsuid(2), setfsgid(2) and the bare setgroups and capset calls act on one thread, and on its
/// way to files alone. Nothing but probing is done meanwhile: the JVM's own files would be opened
/// with them as well.
final class ThreadCredentials {
    private final Kernel kernel;
    private final ProcessStatus self;
    private final long permitted;

    /// @param self who this process is
    ThreadCredentials(Kernel kernel, ProcessStatus self) {
        this.kernel = kernel;
        this.self = self;
        this.permitted = self.effective();
    }

    /// What is the same already is not put on: each call costs as much as half a probe.
    ///
    /// @return whether all of them are on; if not, none are
    boolean assume(Credentials other) {
        long capabilities = other.capabilities() & permitted;
        // The uid last but one: leaving 0 takes away the capabilities that the calls before need.
        boolean applied =
                (isOwn(other.groups()) || kernel.setGroups(other.groups()) == 0)
                        && (other.gid() == self.gid() || kernel.setGroup(other.gid()))
                        && (other.uid() == self.uid() || kernel.setUser(other.uid()))
                        && kernel.setCapabilities(capabilities, permitted, 0) == 0;
        if (!applied) {
            restore(true, true, true);
        }
        return applied;
    }

    /// @param other who was put on
    void restore(Credentials other) {
        restore(!isOwn(other.groups()), other.gid() != self.gid(), other.uid() != self.uid());
    }

    private boolean isOwn(List<Integer> groups) {
        return groups.equals(self.groups());
    }

    private void restore(boolean groups, boolean gid, boolean uid) {
        boolean restored = kernel.setCapabilities(permitted, permitted, 0) == 0;
        if (uid) {
            restored &= kernel.setUser(self.uid());
            // Leaving 0 takes some of them away.
            restored &= self.uid() == 0 || kernel.setCapabilities(permitted, permitted, 0) == 0;
        }
        if (gid) {
            restored &= kernel.setGroup(self.gid());
        }
        if (groups) {
            restored &= kernel.setGroups(self.groups()) == 0;
        }
        if (!restored) {
            throw new IllegalStateException("a probe thread could not become itself again");
        }
    }
}
