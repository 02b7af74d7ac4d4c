package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an engine mounts at a path with symbolic links is recognized as what was declared.
class DeclaredMountsIT {
    @AutoClose private static Lab lab;
    private static String image = "";

    @BeforeAll
    static void open() {
        lab = Lab.open();
        image =
                lab.image(
                        Lab.Image.BUSYBOX,
                        "links",
                        "mkdir -p $tree/usr/sbin $tree/var; ln -s usr/sbin $tree/sbin;"
                                + " ln -s ../run $tree/var/run");
    }

    private static Lab.Run audit(String container, String witness) {
        return lab.writeprobe("audit", "--witness", witness, container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void twoTmpfsAtOneMountPointAreBothDeclared(String witness) {
        String container =
                lab.start(
                        image,
                        List.of("sleep", "3600"),
                        "--read-only",
                        "--tmpfs",
                        "/run",
                        "--tmpfs",
                        "/var/run");
        Lab.Run run = audit(container, witness);
        assertThat(run.code()).as(run.output()).isZero();
        lab.mount(container, "-t", "tmpfs", "tmpfs", "/run");
        assertThat(audit(container, witness).out()).contains("undeclared");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec", "procfs"})
    void theEnginesInitIsReadOnlyWhereverLinksLeadIt(String witness) {
        String container = lab.start(image, List.of("sleep", "3600"), "--read-only", "--init");
        Lab.Run run = audit(container, witness);
        assertThat(run.code()).as(run.output()).isZero();
    }

    @Test
    void theHostsProcCanBeProvedReadOnlyByExec() {
        String container =
                lab.start(
                        image,
                        List.of("sleep", "3600"),
                        "--read-only",
                        "--user",
                        "65534",
                        "-v",
                        "/proc:/host/proc:ro");
        Lab.Run run = audit(container, "exec");
        assertThat(run.code()).as(run.output()).isZero();
    }
}
