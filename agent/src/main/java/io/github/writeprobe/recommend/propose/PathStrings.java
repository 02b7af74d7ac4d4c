package io.github.writeprobe.recommend.propose;

import java.util.ArrayList;
import java.util.List;

/// Absolute paths as text. No file is read.
public final class PathStrings {
    /// No mount point is deeper than this.
    private static final int MAX_DEPTH = 64;

    private PathStrings() {}

    /// The parent directory of a path; `/` is its own parent.
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String child(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /// A path and all directories above it: the path first, `/` last.
    public static List<String> withAncestors(String path) {
        List<String> all = new ArrayList<>();
        String at = path;
        while (!at.equals("/")) {
            all.add(at);
            at = parent(at);
        }
        all.add("/");
        return all;
    }

    /// The path, or the directory above it at the largest depth for a mount point.
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

    /// Whether a path has the form that the kernel and the engine use: absolute, without empty
    /// components, `.` or `..`. Other paths are invalid input.
    static boolean isNormalized(String path) {
        return path.startsWith("/")
                && (path.length() == 1 || !path.endsWith("/"))
                && !path.contains("//")
                && !(path + "/").contains("/../")
                && !(path + "/").contains("/./")
                && path.indexOf('\0') < 0;
    }
}
