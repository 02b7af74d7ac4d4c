package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.Identity;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// With what a thread touches files on somebody's behalf.
///
/// @param inside the uid as the container has it; empty if its user namespace has none for it
/// @param uid the machine's
/// @param capabilities those that have to do with files, a bit each
/// @param elsewhere whether they count in another user namespace than ours: then they reach only
///   inodes whose owner and group are mapped there, see user_namespaces(7)
record Credentials(
        OptionalInt inside,
        int uid,
        int gid,
        List<Integer> groups,
        long capabilities,
        boolean elsewhere) {
    private static final int CHOWN = 0;
    private static final int DAC_OVERRIDE = 1;
    private static final int DAC_READ_SEARCH = 2;
    private static final int FOWNER = 3;
    private static final int FSETID = 4;
    private static final int SYS_RESOURCE = 24;

    /// The capabilities that decide whether a file can be created or opened: capabilities(7).
    private static final long OF_FILES =
            1L << CHOWN
                    | 1L << DAC_OVERRIDE
                    | 1L << DAC_READ_SEARCH
                    | 1L << FOWNER
                    | 1L << FSETID
                    | 1L << SYS_RESOURCE;

    Credentials {
        requireNonNull(inside);
        groups = List.copyOf(groups);
    }

    /// Of a process, as an identity; empty if its user namespace has no such user.
    static Optional<Credentials> of(
            Identity identity, ProcessStatus process, IdMap uids, IdMap gids) {
        boolean elsewhere = !uids.identical();
        return switch (identity) {
            case SERVICE ->
                    Optional.of(
                            new Credentials(
                                    uids.inside(process.uid()),
                                    process.uid(),
                                    process.gid(),
                                    process.groups(),
                                    process.effective() & OF_FILES,
                                    elsewhere));
            case ROOT -> {
                OptionalInt uid = uids.outside(0);
                OptionalInt gid = gids.outside(0);
                yield uid.isEmpty() || gid.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Credentials(
                                        OptionalInt.of(0),
                                        uid.getAsInt(),
                                        gid.getAsInt(),
                                        process.uid() == uid.getAsInt()
                                                ? process.groups()
                                                : List.of(gid.getAsInt()),
                                        process.bounding() & OF_FILES,
                                        elsewhere));
            }
        };
    }

    /// Without what only counts for some inodes.
    Credentials bare() {
        return new Credentials(inside, uid, gid, groups, 0, elsewhere);
    }

    /// Whether capabilities might help where permissions do not.
    boolean mayOverride() {
        return (capabilities & (1L << DAC_OVERRIDE | 1L << DAC_READ_SEARCH)) != 0;
    }
}
