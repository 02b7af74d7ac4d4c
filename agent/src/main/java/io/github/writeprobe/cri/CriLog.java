package io.github.writeprobe.cri;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the format that runtimes write the log of a container in: `TIME STREAM TAG TEXT`. The tag
/// `P` says that the line goes on in the next entry of the same stream.
///
/// @see <a
///   href="https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md">CRI
///   log</a>
final class CriLog {
    private static final Pattern ENTRY =
            Pattern.compile("[0-9]\\S* (stdout|stderr) ([A-Z][A-Z:]*) ?(.*)");

    private CriLog() {}

    /// @param text untrusted
    /// @return the lines of the container. What is no entry is left out
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        Map<String, StringBuilder> begun = new HashMap<>();
        for (String entry : text.split("\n", -1)) {
            Matcher parts = ENTRY.matcher(entry);
            if (parts.matches()) {
                StringBuilder line =
                        begun.computeIfAbsent(parts.group(1), stream -> new StringBuilder())
                                .append(parts.group(3));
                if (!parts.group(2).startsWith("P")) {
                    lines.add(line.toString());
                    begun.remove(parts.group(1));
                }
            }
        }
        begun.values().forEach(line -> lines.add(line.toString()));
        return lines;
    }
}
