package io.github.writeprobe.recommend;

import java.util.List;

/// Notes about proposed mounts, for people.
final class MountNotes {
    private MountNotes() {}

    static String unclearLifetime(String path) {
        return path
                + ": it cannot be told whether what is written there has to outlive the container, so"
                + " it is given a volume, which loses nothing; if it need not, a tmpfs does";
    }

    static String logsAreLost(String path) {
        return path
                + ": logs there are lost when the container stops, and have to fit into the tmpfs; log"
                + " to standard output where the service can, or make it a volume";
    }

    static String hidesDirectories(String path, List<String> hidden) {
        return path
                + ": the tmpfs hides directories that the image has there, "
                + ObservationWording.shortList(hidden)
                + "; the service has to make at start those that it needs";
    }

    /// A new volume is filled from the image, with the owner of the directory. If the image does
    /// not have the directory, the engine creates it, and it belongs to root.
    static String ownedByRoot(String path, long uid, long gid) {
        String owner = uid + ":" + gid;
        return path
                + ": the image has no such directory, so a new volume there belongs to root, and uid "
                + uid
                + " cannot write to it. Make the directory in the image, owned by "
                + owner
                + ", or change the new volume's owner once, with chown";
    }

    static String copiesImageFiles(String path, List<String> examples) {
        return path
                + ": the image has files there, such as "
                + ObservationWording.shortList(examples)
                + "; the volume keeps its copies of them when the image changes. A directory of its"
                + " own for what is written is better";
    }
}
