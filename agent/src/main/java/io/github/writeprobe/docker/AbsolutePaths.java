package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.Deque;

/// Absolute paths in a container.
final class AbsolutePaths {
    private AbsolutePaths() {}

    /// Without `.`, `..`, and slashes that mean nothing; symbolic links are not looked at.
    static String normalize(String path) {
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

    static String parent(String path) {
        return normalize(path + "/..");
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static String child(String directory, String name) {
        return directory.equals("/") ? "/" + name : directory + "/" + name;
    }

    /// Whether a path is in a directory, or is it.
    static boolean isWithin(String path, String directory) {
        return path.equals(directory)
                || path.startsWith(directory.equals("/") ? "/" : directory + "/");
    }

    /// As a part of a URL's query.
    static String urlEncode(String path) {
        return URLEncoder.encode(path, UTF_8);
    }
}
