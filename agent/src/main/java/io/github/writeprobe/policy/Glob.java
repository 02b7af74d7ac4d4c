package io.github.writeprobe.policy;

/// Patterns with `*` and `?`. The text is untrusted, so matching takes at most a time that is
/// proportional to the length of the pattern times the length of the text.
public final class Glob {
    private Glob() {}

    public static boolean matches(String pattern, String text) {
        int first = pattern.indexOf('*');
        int last = pattern.length() - 1;
        if (pattern.indexOf('?') >= 0) {
            return matchesByBacktracking(pattern, text);
        }
        if (first < 0) {
            return pattern.equals(text);
        }
        int next = pattern.indexOf('*', first + 1);
        if (first == 0 && next < 0) {
            return text.regionMatches(text.length() - last, pattern, 1, last);
        }
        if (first == last) {
            return text.regionMatches(0, pattern, 0, last);
        }
        if (first == 0 && next == last && last > 0) {
            return text.contains(pattern.substring(1, last));
        }
        return matchesByBacktracking(pattern, text);
    }

    /// Most patterns have one or two stars at their ends, and are matched without this method.
    private static boolean matchesByBacktracking(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
