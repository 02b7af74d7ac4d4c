package io.github.writeprobe.recommend.prove;

import java.util.List;
import java.util.regex.Pattern;

/// Guesses from the last lines of a clone's log why the clone failed.
final class FailureDiagnosis {
    private record Reason(Pattern pattern, String meaning) {
        Reason(String pattern, String meaning) {
            this(Pattern.compile("(?i)" + pattern), meaning);
        }
    }

    private static final List<Reason> REASONS =
            List.of(
                    new Reason(
                            "exec format error",
                            "its program is for another CPU architecture, or is not a program"),
                    new Reason(
                            "cannot assign requested address|EADDRNOTAVAIL",
                            "it uses an address that clones do not have"),
                    new Reason(
                            "address already in use|EADDRINUSE", "a port that it needs was in use"),
                    new Reason(
                            "getaddrinfo|ENOTFOUND|name or service not known|no such host|bad address"
                                    + "|name resolution|could not (?:translate|resolve) host"
                                    + "|unknown host|nodename nor servname",
                            "a host name that it needs could not be resolved"),
                    new Reason(
                            "connection refused|ECONNREFUSED|network is unreachable|no route to host"
                                    + "|EHOSTUNREACH|ENETUNREACH|connection timed out|ETIMEDOUT",
                            "a host that it connects to did not answer"),
                    new Reason(
                            "no such device|ENODEV|/dev/\\S+.{0,40}no such file",
                            "a device was missing"),
                    new Reason("no space left on device|ENOSPC", "a filesystem was full"),
                    new Reason(
                            "address pools|address space",
                            "the engine has no free network addresses"),
                    new Reason("permission denied|EACCES", "it lacked a permission"));

    private static final Pattern ERROR_LINE =
            Pattern.compile(
                    "(?i)\\b(?:fatal|panic|emerg|error|exception|fail(?:ed|ure)?|can(?:no|')t|cannot|could not|unable)\\b");

    private static final int MAX_QUOTE_LENGTH = 200;

    private FailureDiagnosis() {}

    /// The text that follows a message such as "it exited with code 1": the last line with a known
    /// meaning, otherwise the last line that looks like an error, otherwise the last line.
    ///
    /// @param log untrusted text
    static String of(List<String> log) {
        for (String line : log.reversed()) {
            for (Reason reason : REASONS) {
                if (reason.pattern().matcher(line).find()) {
                    return ": " + reason.meaning() + quote(line);
                }
            }
        }
        List<String> lines = log.reversed().stream().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .filter(line -> ERROR_LINE.matcher(line).find())
                .findFirst()
                .or(() -> lines.stream().findFirst())
                .map(FailureDiagnosis::quote)
                .orElse("");
    }

    static String quote(String line) {
        String text = line.strip();
        return ": \""
                + (text.length() <= MAX_QUOTE_LENGTH
                        ? text
                        : text.substring(0, MAX_QUOTE_LENGTH - 1) + "…")
                + "\"";
    }
}
