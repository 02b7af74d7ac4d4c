package io.github.writeprobe.recommend;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.DeclaredMount;
import java.util.List;

/// One line of a proposal: something that a read-only container is given, so that it works.
public sealed interface Provision {
    /// Never empty.
    List<ProvisionEvidence> evidence();

    /// A mount that the container has already, and keeps as it is.
    ///
    /// @param used whether anything was seen to be written there
    record Kept(DeclaredMount mount, boolean used, List<ProvisionEvidence> evidence)
            implements Provision {
        public Kept {
            requireNonNull(mount);
            evidence = List.copyOf(evidence);
        }
    }

    /// An environment variable that switches unimportant writes off, or sends them elsewhere.
    ///
    /// @param cost what is given up for it; empty if nothing
    record Setting(String variable, String value, String cost, List<ProvisionEvidence> evidence)
            implements Provision {
        public Setting {
            requireNonNull(variable);
            requireNonNull(value);
            requireNonNull(cost);
            evidence = List.copyOf(evidence);
        }
    }

    /// A new tmpfs, for what need not outlive the container.
    ///
    /// @param bytes its size limit
    /// @param mode permission bits, sticky included: `01777`
    /// @param execute whether it must not be mounted noexec
    record Tmpfs(
            String path,
            long bytes,
            int mode,
            long uid,
            long gid,
            boolean execute,
            List<ProvisionEvidence> evidence)
            implements Provision {
        public Tmpfs {
            requireNonNull(path);
            evidence = List.copyOf(evidence);
        }
    }

    /// A named volume, for what must outlive the container, or cannot be told.
    ///
    /// @param name for the volume, made of the path: `data`, `var-lib-app`
    /// @param certain whether it is known that the data matter; else a volume is the safe choice,
    ///   and a person should look
    /// @param filled whether the image has the directory: a new volume is filled from it then, and
    ///   gets its owner and mode. Else it is empty, and root's until somebody changes that
    /// @param mode of the directory, and
    /// @param uid its owner, as the container has them now
    record Volume(
            String path,
            String name,
            boolean certain,
            boolean filled,
            int mode,
            long uid,
            long gid,
            List<ProvisionEvidence> evidence)
            implements Provision {
        public Volume {
            requireNonNull(path);
            requireNonNull(name);
            evidence = List.copyOf(evidence);
        }

        /// Whether it will be root's though the service is somebody else.
        public boolean needsChown() {
            return !filled && uid != 0;
        }
    }
}
