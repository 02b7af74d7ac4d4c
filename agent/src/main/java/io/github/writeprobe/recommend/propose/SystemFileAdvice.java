package io.github.writeprobe.recommend.propose;

import io.github.writeprobe.policy.Glob;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What makes it needless that an entry script rewrites a file of the system. Such a file cannot
/// get a mount.
final class SystemFileAdvice {
    private record Advice(List<String> paths, List<String> variables, String text) {}

    private static final List<Advice> ALL =
            List.of(
                    new Advice(
                            List.of("/etc/localtime", "/etc/timezone"),
                            List.of("TZ"),
                            "programs read the variable TZ themselves, so TZ alone is enough if the"
                                    + " script accepts the failure; otherwise mount the file that it"
                                    + " writes, read-only"),
                    new Advice(
                            List.of("/etc/passwd*", "/etc/group*", "/etc/shadow*", "/etc/gshadow*"),
                            List.of("PUID", "PGID", "UID", "GID", "USER_ID", "GROUP_ID", "UMASK"),
                            "the script changes its user to what the environment says; set user: to"
                                    + " those numbers instead, so that it has nothing to change"),
                    new Advice(
                            List.of("/etc/ssl/certs/*", "/etc/pki/*", "/etc/ca-certificates*"),
                            List.of(),
                            "add the certificates in the image, or mount the finished file"
                                    + " read-only"));

    private SystemFileAdvice() {}

    /// @param environment only the names are used. A value can be a secret
    static Optional<String> of(String path, Map<String, String> environment) {
        return ALL.stream()
                .filter(advice -> advice.paths().stream().anyMatch(p -> Glob.matches(p, path)))
                .filter(advice ->
                        advice.variables().isEmpty()
                                || advice.variables().stream().anyMatch(environment::containsKey))
                .findFirst()
                .map(Advice::text);
    }
}
