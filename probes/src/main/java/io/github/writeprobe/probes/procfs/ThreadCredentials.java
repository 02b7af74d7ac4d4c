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
    private final ProcessStatus own;
    private final long permitted;

    /// @param own who this process is
    ThreadCredentials(Kernel kernel, ProcessStatus own) {
        this.kernel = kernel;
        this.own = own;
        this.permitted = own.effective();
    }

    /// What is the same already is not put on: each call costs as much as half a probe.
    ///
    /// @return whether all of them are on; if not, none are
    boolean putOn(Credentials other) {
        long capabilities = other.capabilities() & permitted;
        // The uid last but one: leaving 0 takes away the capabilities that the calls before need.
        boolean on =
                (isOwn(other.groups()) || kernel.setGroups(other.groups()) == 0)
                        && (other.gid() == own.gid() || kernel.setGroup(other.gid()))
                        && (other.uid() == own.uid() || kernel.setUser(other.uid()))
                        && kernel.setCapabilities(capabilities, permitted, 0) == 0;
        if (!on) {
            takeOff(true, true, true);
        }
        return on;
    }

    /// @param other who was put on
    void takeOff(Credentials other) {
        takeOff(!isOwn(other.groups()), other.gid() != own.gid(), other.uid() != own.uid());
    }

    private boolean isOwn(List<Integer> groups) {
        return groups.equals(own.groups());
    }

    private void takeOff(boolean groups, boolean gid, boolean uid) {
        boolean off = kernel.setCapabilities(permitted, permitted, 0) == 0;
        if (uid) {
            off &= kernel.setUser(own.uid());
            // Leaving 0 takes some of them away.
            off &= own.uid() == 0 || kernel.setCapabilities(permitted, permitted, 0) == 0;
        }
        if (gid) {
            off &= kernel.setGroup(own.gid());
        }
        if (groups) {
            off &= kernel.setGroups(own.groups()) == 0;
        }
        if (!off) {
            throw new IllegalStateException("a probe thread could not become itself again");
        }
    }
}
