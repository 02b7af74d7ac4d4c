package io.github.writeprobe.recommend;

import java.util.List;
import java.util.regex.Pattern;

/// What a clone's last words mostly mean.
final class FailureDiagnosis {
    private record Reason(Pattern words, String meaning) {
        Reason(String words, String meaning) {
            this(Pattern.compile("(?i)" + words), meaning);
        }
    }

    private static final List<Reason> REASONS =
            List.of(
                    new Reason(
                            "exec format error",
                            "its program is for another kind of processor, or no program"),
                    new Reason(
                            "cannot assign requested address|EADDRNOTAVAIL",
                            "it wants an address that clones do not have"),
                    new Reason("address already in use|EADDRINUSE", "a port of its own was taken"),
                    new Reason(
                            "getaddrinfo|ENOTFOUND|name or service not known|no such host|bad address"
                                    + "|name resolution|could not (?:translate|resolve) host"
                                    + "|unknown host|nodename nor servname",
                            "somebody whom it calls by name was not there"),
                    new Reason(
                            "connection refused|ECONNREFUSED|network is unreachable|no route to host"
                                    + "|EHOSTUNREACH|ENETUNREACH|connection timed out|ETIMEDOUT",
                            "somebody whom it talks to was not there"),
                    new Reason(
                            "no such device|ENODEV|/dev/\\S+.{0,40}no such file",
                            "a device was not there"),
                    new Reason("no space left on device|ENOSPC", "something of it was full"),
                    new Reason("address pools|address space", "the engine has no addresses left"),
                    new Reason("permission denied|EACCES", "it was not allowed to do something"));

    private static final Pattern COMPLAINT =
            Pattern.compile(
                    "(?i)\\b(?:fatal|panic|emerg|error|exception|fail(?:ed|ure)?|can(?:no|')t|cannot|could not|unable)\\b");

    private static final int LONGEST = 200;

    private FailureDiagnosis() {}

    /// What follows the words "it ended with code 1": the last line that means something, that
    /// complains, or that there is.
    ///
    /// @param log a stranger's texts
    static String of(List<String> log) {
        for (String line : log.reversed()) {
            for (Reason reason : REASONS) {
                if (reason.words().matcher(line).find()) {
                    return ": " + reason.meaning() + quoted(line);
                }
            }
        }
        List<String> lines = log.reversed().stream().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .filter(line -> COMPLAINT.matcher(line).find())
                .findFirst()
                .or(() -> lines.stream().findFirst())
                .map(FailureDiagnosis::quoted)
                .orElse("");
    }

    static String quoted(String line) {
        String words = line.strip();
        return ": \""
                + (words.length() <= LONGEST ? words : words.substring(0, LONGEST - 1) + "…")
                + "\"";
    }
}
