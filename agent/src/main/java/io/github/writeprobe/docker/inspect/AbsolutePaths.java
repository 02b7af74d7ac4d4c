package io.github.writeprobe.docker.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.Deque;

/// Operations on absolute paths in a container.
public final class AbsolutePaths {
    private AbsolutePaths() {}

    /// Removes `.`, `..` and redundant slashes. Symbolic links are not resolved.
    public static String normalize(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/", -1)) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return "/" + String.join("/", names);
    }

    public static String parent(String path) {
        return normalize(path + "/..");
    }

    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public static String child(String directory, String name) {
        return directory.equals("/") ? "/" + name : directory + "/" + name;
    }

    /// Whether a path is the directory itself or inside it.
    public static boolean isWithin(String path, String directory) {
        return path.equals(directory)
                || path.startsWith(directory.equals("/") ? "/" : directory + "/");
    }

    /// Encodes a path for the query of a URL.
    public static String urlEncode(String path) {
        return URLEncoder.encode(path, UTF_8);
    }
}
