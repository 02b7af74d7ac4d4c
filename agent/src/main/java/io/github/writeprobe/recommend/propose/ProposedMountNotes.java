package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.mounts.MountTable;
import java.util.List;

/// Notes about proposed mounts, for people.
final class ProposedMountNotes {
    private ProposedMountNotes() {}

    static String unclearLifetime(String path) {
        return path
                + ": it is not known whether the data there must outlive the container, so a volume"
                + " is proposed, which loses nothing; if they need not, use a tmpfs";
    }

    static String logsAreLost(String path) {
        return path
                + ": logs there are lost when the container stops, and must fit into the tmpfs; log"
                + " to standard output if the service can, or use a volume";
    }

    static String hidesDirectories(String path, List<String> hidden) {
        return path
                + ": the tmpfs hides directories of the image, "
                + WriteEvidenceWording.shortList(hidden)
                + "; the service must create those that it needs when it starts";
    }

    static String hidesFiles(String path, List<String> examples) {
        return path
                + ": the tmpfs hides what the image has there, such as "
                + WriteEvidenceWording.shortList(examples)
                + ". Such files are usually left from a start while the image was built; if the"
                + " service needs one, it must create it when it starts";
    }

    /// A new volume is filled from the image, with the owner of the directory. If the image does
    /// not have the directory, the engine creates it, and it belongs to root.
    static String ownedByRoot(String path, long uid, long gid) {
        String owner = uid + ":" + gid;
        return path
                + ": the image has no such directory, so a new volume there belongs to root, and"
                + " uid "
                + uid
                + " cannot write to it. The formats compose, run and ecs change the owner before the"
                + " start; otherwise create the directory in the image, owned by "
                + owner
                + ", or change the owner of the new volume once, with chown";
    }

    static String copiesImageFiles(String path, List<String> examples) {
        if (MountTable.isAtOrBelow(path, "/etc")) {
            return rewritesConfiguration(path, examples);
        }
        return path
                + ": the image has files there, such as "
                + WriteEvidenceWording.shortList(examples)
                + "; the volume keeps its copies of them when the image changes. It is better if"
                + " the service writes to a separate directory";
    }

    /// An entry script that writes its configuration again at each start does not need the last
    /// one.
    private static String rewritesConfiguration(String path, List<String> examples) {
        return path
                + ": the image has configuration there, such as "
                + WriteEvidenceWording.shortList(examples)
                + "; the volume keeps its copies of them when the image changes. If an entry script"
                + " writes them again at each start, use copy-on-start instead: put the originals"
                + " into another directory of the image, mount a tmpfs here, and copy them into it"
                + " before the script runs";
    }
}
