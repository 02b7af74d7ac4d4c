package io.github.writeprobe.recommend.propose;

import static java.util.Objects.requireNonNull;

import io.github.writeprobe.model.DeclaredMount;
import java.util.List;

/// One line of a proposal: something that a container needs in order to run with a read-only root
/// filesystem.
public sealed interface ProposalItem {
    /// Never empty.
    List<ProposalItemEvidence> evidence();

    /// A mount that the container already has and keeps.
    ///
    /// @param used whether a write to it was seen
    record Kept(DeclaredMount mount, boolean used, List<ProposalItemEvidence> evidence)
            implements ProposalItem {
        public Kept {
            requireNonNull(mount);
            evidence = List.copyOf(evidence);
        }
    }

    /// An environment variable that prevents writes that are not needed, or redirects them.
    ///
    /// @param cost what you lose with this setting; empty if nothing
    record Setting(String variable, String value, String cost, List<ProposalItemEvidence> evidence)
            implements ProposalItem {
        public Setting {
            requireNonNull(variable);
            requireNonNull(value);
            requireNonNull(cost);
            evidence = List.copyOf(evidence);
        }
    }

    /// A new tmpfs, for data that need not outlive the container.
    ///
    /// @param bytes its size limit
    /// @param mode permission bits with the sticky bit: `01777`
    /// @param execute whether it must allow exec
    record Tmpfs(
            String path,
            long bytes,
            int mode,
            long uid,
            long gid,
            boolean execute,
            List<ProposalItemEvidence> evidence)
            implements ProposalItem {
        public Tmpfs {
            requireNonNull(path);
            evidence = List.copyOf(evidence);
        }
    }

    /// A new named volume, for data that must outlive the container, or whose lifetime is not
    /// known.
    ///
    /// @param name of the volume, derived from the path: `data`, `var-lib-app`
    /// @param certain whether it is known that the data must be kept. If not, a volume is the safe
    ///   choice, and a person should check it
    /// @param inImage what the image has there
    /// @param mode of the directory in the container now
    /// @param uid owner of the directory in the container now
    record Volume(
            String path,
            String name,
            boolean certain,
            InImage inImage,
            int mode,
            long uid,
            long gid,
            List<ProposalItemEvidence> evidence)
            implements ProposalItem {
        private static final int DEFAULT_MODE = 0755;

        /// What an image has at a path.
        public enum InImage {
            NOTHING,
            EMPTY_DIRECTORY,
            /// A directory with files or other directories in it.
            CONTENT
        }

        public Volume {
            requireNonNull(path);
            requireNonNull(name);
            requireNonNull(inImage);
            evidence = List.copyOf(evidence);
        }

        /// Whether the image has the directory. Then an engine fills a new volume from it, with its
        /// owner and mode. Otherwise the new volume is empty and belongs to root.
        public boolean filled() {
            return inImage != InImage.NOTHING;
        }

        /// Whether the new volume has to be given the owner and mode of the directory: the engine
        /// creates it as root, with mode 0755.
        public boolean needsChown() {
            return !filled() && (uid != 0 || gid != 0 || needsChmod());
        }

        public boolean needsChmod() {
            return !filled() && mode != DEFAULT_MODE;
        }
    }
}
