package io.github.writeprobe.probes.procfs;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.probes.ProbeIdentity;
import io.github.writeprobe.probes.kernel.IdMap;
import io.github.writeprobe.probes.kernel.ProcessStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The credentials with which a thread accesses files as one of a container's identities.
///
/// @param containerUid the uid in the container; empty if its user namespace has no such uid
/// @param uid the uid on the host
/// @param capabilities the capabilities that affect files, one bit each
/// @param inOtherUserNamespace whether the capabilities are those of another user namespace than
///   this process's: then they apply only to inodes whose owner and group are mapped there, see
///   user_namespaces(7)
record FileAccessCredentials(
        OptionalInt containerUid,
        int uid,
        int gid,
        List<Integer> groups,
        long capabilities,
        boolean inOtherUserNamespace) {
    private static final int CHOWN = 0;
    private static final int DAC_OVERRIDE = 1;
    private static final int DAC_READ_SEARCH = 2;
    private static final int FOWNER = 3;
    private static final int FSETID = 4;
    private static final int SYS_RESOURCE = 24;

    /// The capabilities that decide whether a file can be created or opened: capabilities(7).
    private static final long FILE_CAPABILITIES =
            1L << CHOWN
                    | 1L << DAC_OVERRIDE
                    | 1L << DAC_READ_SEARCH
                    | 1L << FOWNER
                    | 1L << FSETID
                    | 1L << SYS_RESOURCE;

    FileAccessCredentials {
        requireNonNull(containerUid);
        groups = List.copyOf(groups);
    }

    /// The credentials of a process, as an identity; empty if its user namespace has no such user.
    static Optional<FileAccessCredentials> of(
            ProbeIdentity identity, ProcessStatus process, IdMap uids, IdMap gids) {
        boolean inOtherUserNamespace = !uids.isIdentityMapping();
        return switch (identity) {
            case SERVICE ->
                    Optional.of(
                            new FileAccessCredentials(
                                    uids.toContainerId(process.uid()),
                                    process.uid(),
                                    process.gid(),
                                    process.groups(),
                                    process.effective() & FILE_CAPABILITIES,
                                    inOtherUserNamespace));
            case ROOT -> {
                OptionalInt uid = uids.toHostId(0);
                OptionalInt gid = gids.toHostId(0);
                yield uid.isEmpty() || gid.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new FileAccessCredentials(
                                        OptionalInt.of(0),
                                        uid.getAsInt(),
                                        gid.getAsInt(),
                                        process.uid() == uid.getAsInt()
                                                ? process.groups()
                                                : List.of(gid.getAsInt()),
                                        process.boundingSet() & FILE_CAPABILITIES,
                                        inOtherUserNamespace));
            }
        };
    }

    /// A copy without capabilities, which may apply only to some inodes.
    FileAccessCredentials withoutCapabilities() {
        return new FileAccessCredentials(containerUid, uid, gid, groups, 0, inOtherUserNamespace);
    }

    /// Whether the capabilities may allow what the permissions do not.
    boolean mayOverridePermissions() {
        return (capabilities & (1L << DAC_OVERRIDE | 1L << DAC_READ_SEARCH)) != 0;
    }
}
