package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.probes.writes.FileFacts;
import io.github.writeprobe.recommend.known.MountPlacementRules;
import java.util.Optional;

/// Finds the directory of the image on which to mount for a directory that the container created
/// itself.
///
/// A mount point exists before the service starts. So a mount on the new directory itself changes
/// what a service finds that asks whether the directory exists. A volume there would also belong to
/// root. A mount on a directory of the image above it does neither.
final class NearestImageDirectory {
    /// The mode of a directory that an engine creates above a mount point.
    private static final int ENGINE_MODE = 0755;

    private final MountPlacementRules directories;
    private final ImageFilesystem imageFilesystem;

    NearestImageDirectory(MountPlacementRules directories, ImageFilesystem imageFilesystem) {
        this.directories = directories;
        this.imageFilesystem = imageFilesystem;
    }

    /// The directory that has to be writable for a trace.
    ///
    /// A directory that is gone was temporary, or was renamed. The next one gets another name, so
    /// its place is the directory that still exists.
    String existing(WriteEvidence trace) {
        String written = trace.directory();
        if (!trace.gone()) {
            return written;
        }
        String at = written;
        while (imageFilesystem.isGone(at) && !directories.isGeneral(PathStrings.parent(at))) {
            at = PathStrings.parent(at);
        }
        return imageFilesystem.isGone(at) ? written : at;
    }

    /// A volume keeps copies of the image's files, so it moves to a directory of the image only if
    /// there are few.
    String forVolume(String written) {
        String at = written;
        while (!directories.isCommon(at) && imageFilesystem.isNew(at)) {
            String parent = PathStrings.parent(at);
            if (isSystem(parent) || isMadeAlikeByEngine(parent)) {
                return at;
            }
            if (!imageFilesystem.isNew(parent)) {
                return canHoldVolume(parent, at) ? parent : at;
            }
            at = parent;
        }
        return at;
    }

    /// Whether a directory of many programs that the image does not have looks as if the engine had
    /// made it, above a mount point.
    private boolean isMadeAlikeByEngine(String directory) {
        return directories.isShared(directory)
                && imageFilesystem.isNew(directory)
                && imageFilesystem
                        .facts(directory)
                        .filter(facts -> facts.uid() != 0 || facts.mode() != ENGINE_MODE)
                        .isEmpty();
    }

    private boolean isSystem(String directory) {
        return directories.isGeneral(directory)
                || directories.wholeDirectory(directory).isPresent();
    }

    private boolean canHoldVolume(String directory, String created) {
        if (imageFilesystem.isUnknown()) {
            return false;
        }
        ImageFilesystem.Content content = imageFilesystem.content(directory);
        return imageFilesystem.hasArchiveOf(created)
                || (content.isSmallData() && haveSameOwner(directory, created))
                || (content.isWithoutPlainFiles() && !directories.isShared(directory));
    }

    private boolean haveSameOwner(String directory, String created) {
        Optional<Long> owner = imageFilesystem.facts(directory).map(FileFacts::uid);
        return owner.filter(uid -> uid != 0).isPresent()
                && owner.equals(imageFilesystem.facts(created).map(FileFacts::uid));
    }

    /// A tmpfs hides what is below it, so it moves only to a directory in which the image has
    /// nothing, and never to one with lasting data at or below it.
    String forTmpfs(String written, PersistentWrittenPaths lasting) {
        String at = written;
        while (!directories.isCommon(at) && imageFilesystem.isNew(at)) {
            String parent = PathStrings.parent(at);
            if (isSystem(parent) || isMadeAlikeByEngine(parent) || lasting.anyAtOrBelow(parent)) {
                return at;
            }
            if (!imageFilesystem.isNew(parent)) {
                boolean isEmpty =
                        !imageFilesystem.isUnknown() && imageFilesystem.content(parent).isEmpty();
                return isEmpty && !directories.isShared(parent) ? parent : at;
            }
            at = parent;
        }
        return at;
    }
}
