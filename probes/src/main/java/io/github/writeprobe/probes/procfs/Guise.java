package io.github.writeprobe.probes.procfs;

/// Puts other credentials on the calling thread, and takes them off again.
///
/// setfsuid(2), setfsgid(2) and the bare setgroups and capset calls act on one thread, and on its
/// way to files alone. Nothing but probing is done meanwhile: the JVM's own files would be opened
/// with them as well.
final class Guise {
    private final Kernel kernel;
    private final ProcessStatus own;
    private final long permitted;

    /// @param own who this process is
    Guise(Kernel kernel, ProcessStatus own) {
        this.kernel = kernel;
        this.own = own;
        this.permitted = own.effective();
    }

    /// @return whether all of them are on; if not, none are
    boolean putOn(Credentials other) {
        // The uid last but one: leaving 0 takes away the capabilities that the calls before need.
        boolean on =
                kernel.setGroups(other.groups()) == 0
                        && kernel.setGroup(other.gid())
                        && kernel.setUser(other.uid())
                        && kernel.setCapabilities(other.capabilities() & permitted, permitted, 0)
                                == 0;
        if (!on) {
            takeOff();
        }
        return on;
    }

    void takeOff() {
        kernel.setCapabilities(permitted, permitted, 0);
        boolean off =
                kernel.setUser(own.uid())
                        && kernel.setGroup(own.gid())
                        && kernel.setGroups(own.groups()) == 0
                        && kernel.setCapabilities(permitted, permitted, 0) == 0;
        if (!off) {
            throw new IllegalStateException("a probe thread could not become itself again");
        }
    }
}
