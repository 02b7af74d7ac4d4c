package io.github.writeprobe.judge;

import static io.github.writeprobe.judge.JudgeCase.ABSENT;
import static io.github.writeprobe.judge.JudgeCase.EACCES;
import static io.github.writeprobe.judge.JudgeCase.ENOSPC;
import static io.github.writeprobe.judge.JudgeCase.EROFS;
import static io.github.writeprobe.judge.JudgeCase.INCONCLUSIVE;
import static io.github.writeprobe.judge.JudgeCase.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.Expectation.Access;
import io.github.writeprobe.model.Finding;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.WriteResult;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A row for every combination of observation, declaration and policy.
class JudgeTableTest {
    private static final Map<String, WriteResult> SEEN =
            Map.of(
                    "writable", WRITABLE,
                    "EROFS", EROFS,
                    "EACCES", EACCES,
                    "ENOSPC", ENOSPC,
                    "absent", ABSENT,
                    "inconclusive", INCONCLUSIVE);

    private static String kinds(ContainerReport report) {
        return report.findings().stream()
                .map((Finding f) -> f.kind().label())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest(name = "rootfs declared {0}, policy {1}, seen {2}: {3} {4}")
    @CsvSource({
        // declared,  policy,     seen,          verdict,     findings
        "read-only,   read-only,  writable,      violating,   drift",
        "read-only,   read-only,  EROFS,         compliant,   ''",
        "read-only,   read-only,  EACCES,        unverified,  ''",
        "read-only,   read-only,  ENOSPC,        violating,   drift",
        "read-only,   read-only,  absent,        unverified,  ''",
        "read-only,   read-only,  inconclusive,  unverified,  ''",
        "read-only,   read-only,  nothing,       unverified,  ''",
        "read-only,   writable,   writable,      violating,   drift",
        "read-only,   writable,   EROFS,         compliant,   ''",
        "read-only,   writable,   EACCES,        unverified,  ''",
        "read-only,   writable,   ENOSPC,        violating,   drift",
        "read-only,   writable,   absent,        unverified,  ''",
        "read-only,   writable,   inconclusive,  unverified,  ''",
        "read-only,   writable,   nothing,       unverified,  ''",
        "writable,    read-only,  writable,      violating,   exposed",
        "writable,    read-only,  EROFS,         violating,   exposed",
        "writable,    read-only,  EACCES,        violating,   exposed",
        "writable,    read-only,  ENOSPC,        violating,   exposed",
        "writable,    read-only,  absent,        violating,   exposed",
        "writable,    read-only,  inconclusive,  violating,   exposed",
        "writable,    read-only,  nothing,       violating,   exposed",
        "writable,    writable,   writable,      compliant,   ''",
        "writable,    writable,   EROFS,         compliant,   ''",
        "writable,    writable,   EACCES,        compliant,   ''",
        "writable,    writable,   ENOSPC,        compliant,   ''",
        "writable,    writable,   absent,        compliant,   ''",
        "writable,    writable,   inconclusive,  compliant,   ''",
        "writable,    writable,   nothing,       compliant,   ''",
    })
    void theRootFilesystem(
            String declared, String policy, String seen, String verdict, String findings) {
        JudgeCase c = declared.equals("read-only") ? JudgeCase.readOnly() : JudgeCase.writable();
        c.rule(policy.equals("read-only") ? Access.READ_ONLY : Access.WRITABLE);
        if (!seen.equals("nothing")) {
            c.observed("/", Objects.requireNonNull(SEEN.get(seen)));
        }
        ContainerReport report = c.judge();
        assertThat(report.verdict().label()).isEqualTo(verdict);
        assertThat(kinds(report)).isEqualTo(findings);
        assertThat(report.unproved().isEmpty()).isEqualTo(!verdict.equals("unverified"));
    }

    @ParameterizedTest(name = "volume declared {0}, policy {1}, seen {2}: {3} {4}")
    @CsvSource({
        // declared,  policy,    seen,          verdict,     findings
        "read-only,   silent,    writable,      violating,   drift",
        "read-only,   silent,    EROFS,         compliant,   ''",
        "read-only,   silent,    EACCES,        unverified,  ''",
        "read-only,   silent,    ENOSPC,        violating,   drift",
        "read-only,   silent,    absent,        unverified,  ''",
        "read-only,   silent,    inconclusive,  unverified,  ''",
        "read-only,   silent,    nothing,       unverified,  ''",
        "read-only,   listed,    writable,      violating,   drift",
        "read-only,   listed,    EROFS,         compliant,   ''",
        "read-only,   listed,    EACCES,        unverified,  ''",
        "read-only,   unlisted,  writable,      violating,   drift",
        "read-only,   unlisted,  EROFS,         compliant,   ''",
        "read-only,   unlisted,  nothing,       unverified,  ''",
        "writable,    silent,    writable,      compliant,   ''",
        "writable,    silent,    EROFS,         compliant,   unwritable",
        "writable,    silent,    EACCES,        compliant,   unwritable",
        "writable,    silent,    ENOSPC,        compliant,   unwritable",
        "writable,    silent,    absent,        compliant,   ''",
        "writable,    silent,    inconclusive,  compliant,   ''",
        "writable,    silent,    nothing,       compliant,   ''",
        "writable,    listed,    writable,      compliant,   ''",
        "writable,    listed,    EACCES,        compliant,   unwritable",
        "writable,    unlisted,  writable,      violating,   exposed",
        "writable,    unlisted,  EROFS,         violating,   exposed",
        "writable,    unlisted,  EACCES,        violating,   exposed",
        "writable,    unlisted,  ENOSPC,        violating,   exposed",
        "writable,    unlisted,  inconclusive,  violating,   exposed",
        "writable,    unlisted,  nothing,       violating,   exposed",
    })
    void aVolume(String declared, String policy, String seen, String verdict, String findings) {
        JudgeCase c = JudgeCase.readOnly().observed("/", EROFS);
        c.mount("/data", MountKind.VOLUME, "data", declared.equals("writable"));
        switch (policy) {
            case "listed" -> c.rule(Access.READ_ONLY, List.of("/data"), List.of());
            case "unlisted" -> c.rule(Access.READ_ONLY, List.of("/elsewhere"), List.of());
            default -> c.rule(Access.READ_ONLY);
        }
        if (!seen.equals("nothing")) {
            c.observed("/data", Objects.requireNonNull(SEEN.get(seen)));
        }
        ContainerReport report = c.judge();
        assertThat(report.verdict().label()).isEqualTo(verdict);
        assertThat(kinds(report)).isEqualTo(findings);
    }

    @ParameterizedTest(name = "undeclared mount, table says {0}, seen {1}: {2} {3}")
    @CsvSource({
        "rw,  writable,      violating,   undeclared",
        "rw,  EROFS,         violating,   undeclared",
        "rw,  EACCES,        violating,   undeclared",
        "rw,  inconclusive,  violating,   undeclared",
        "rw,  nothing,       violating,   undeclared",
        "ro,  writable,      violating,   undeclared",
        "ro,  EROFS,         compliant,   ''",
        "ro,  EACCES,        unverified,  ''",
        "ro,  nothing,       unverified,  ''",
    })
    void undeclaredMount(String table, String seen, String verdict, String findings) {
        JudgeCase c = JudgeCase.readOnly().observed("/", EROFS).table("/opt", "tmpfs", table);
        if (!seen.equals("nothing")) {
            c.observed("/opt", Objects.requireNonNull(SEEN.get(seen)));
        }
        ContainerReport report = c.judge();
        assertThat(report.verdict().label()).isEqualTo(verdict);
        assertThat(kinds(report)).isEqualTo(findings);
    }
}
