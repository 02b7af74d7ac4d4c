package io.github.writeprobe.recommend;

import java.util.ArrayList;
import java.util.List;

/// Absolute paths as texts: nothing is looked up.
final class PathNames {
    /// Nobody mounts on what lies deeper.
    private static final int MAX_DEPTH = 64;

    private PathNames() {}

    /// The directory a path is in; `/` is in itself.
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String child(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /// A path and all directories above it, itself first, `/` last.
    static List<String> withAncestors(String path) {
        List<String> all = new ArrayList<>();
        String at = path;
        while (!at.equals("/")) {
            all.add(at);
            at = parent(at);
        }
        all.add("/");
        return all;
    }

    /// The path, or the directory above it that is no deeper than anybody would mount on.
    static String limitDepth(String path) {
        int slash = -1;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            slash = path.indexOf('/', slash + 1);
            if (slash < 0) {
                return path;
            }
        }
        return path.substring(0, slash);
    }

    static int depth(String path) {
        return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    /// Whether it is a path as the kernel and the engine give them: absolute, without empty
    /// components or those that lead upwards. Others are a stranger's nonsense.
    static boolean isNormalized(String path) {
        return path.startsWith("/")
                && (path.length() == 1 || !path.endsWith("/"))
                && !path.contains("//")
                && !(path + "/").contains("/../")
                && !(path + "/").contains("/./")
                && path.indexOf('\0') < 0;
    }
}
