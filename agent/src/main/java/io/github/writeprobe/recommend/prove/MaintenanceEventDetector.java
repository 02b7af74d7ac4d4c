package io.github.writeprobe.recommend.prove;

import io.github.writeprobe.recommend.prove.Clone.ClientRequest;
import io.github.writeprobe.recommend.prove.ProofCoverage.RareEvent;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Recognises what services do rarely, by the signals and commands that an exercise sent, and by
/// the names of files. What is not recognised counts as not seen.
final class MaintenanceEventDetector {
    /// Names of log files that were rotated: `access.log.1`, `error.log-20261130.gz`.
    private static final Pattern ROTATED =
            Pattern.compile(".*\\.(?:log|err)[.-](?:[0-9]+|[0-9-]{8,10})(?:\\.(?:gz|xz|zst|bz2))?");

    /// The signals by which services are asked to read their configuration, or to open their logs
    /// again. The numbers are those of x86 and ARM.
    private static final Map<Integer, String> RELOAD_SIGNALS =
            Map.of(1, "SIGHUP", 10, "SIGUSR1", 12, "SIGUSR2");

    private static final Map<RareEvent, Pattern> COMMANDS =
            Map.of(
                    RareEvent.LOG_ROTATION,
                    Pattern.compile("(?i)\\b(?:logrotate|rotatelogs|reopen(?:-?logs)?)\\b"),
                    RareEvent.RELOAD,
                    Pattern.compile("(?i)\\b(?:reload|reconfigure|rehash|graceful|(?:SIG)?HUP)\\b"),
                    RareEvent.BACKUP,
                    Pattern.compile(
                            "(?i)\\b(?:\\w*dump\\w*|\\w*backup\\w*|bgsave|slapcat|snapshot"
                                    + " save)\\b"));

    private MaintenanceEventDetector() {}

    /// @param written paths
    /// @return the evidence for each event that was seen. Untrusted texts
    static Map<RareEvent, String> seen(Collection<String> written, List<ClientRequest> requests) {
        Map<RareEvent, String> seen = new EnumMap<>(RareEvent.class);
        written.stream()
                .filter(path -> ROTATED.matcher(path).matches())
                .findFirst()
                .ifPresent(path -> seen.put(RareEvent.LOG_ROTATION, path + " was written"));
        for (ClientRequest request : requests) {
            switch (request) {
                case ClientRequest.Signal(int number) ->
                        Optional.ofNullable(RELOAD_SIGNALS.get(number))
                                .ifPresent(name ->
                                        seen.putIfAbsent(RareEvent.RELOAD, "it was sent " + name));
                case ClientRequest.Command(String command) ->
                        COMMANDS.forEach((event, pattern) -> {
                            Matcher matcher = pattern.matcher(command);
                            if (matcher.find()) {
                                seen.putIfAbsent(event, executed(matcher.group()));
                            }
                        });
            }
        }
        return seen;
    }

    /// Without the rest of the command, which may have passwords.
    private static String executed(String word) {
        return "it executed a command with \"" + word + "\"";
    }
}
