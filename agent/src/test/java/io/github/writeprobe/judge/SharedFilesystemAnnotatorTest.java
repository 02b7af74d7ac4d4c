package io.github.writeprobe.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.MountKind;
import io.github.writeprobe.probes.Errno;
import io.github.writeprobe.probes.WriteResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A fault of a filesystem affects more than the container that has the finding.
class SharedFilesystemAnnotatorTest {
    private static final String ONE = "unix:///one";
    private static final WriteResult ENOSPC = new WriteResult.Refused(Errno.ENOSPC, false, "");

    /// A container with a volume at `/data` on the filesystem 0:7.
    private static ContainerReport onDisk(String name, String engine, WriteResult write) {
        return named(name, engine, volume("900 100 0:7 /v /data rw - ext4 /dev/sdb rw", write));
    }

    private static ContainerReport volume(String line, WriteResult write) {
        return JudgeCase.readOnly()
                .observed("/", JudgeCase.EROFS)
                .line(line)
                .declared("/data", MountKind.VOLUME, "data", true)
                .observed("/data", write)
                .judge();
    }

    private static ContainerReport named(String name, String engine, ContainerReport report) {
        return new ContainerReport(
                Container.unreadable(name, name, engine),
                report.verdict(),
                report.witnesses(),
                report.paths(),
                report.findings(),
                report.unproved(),
                report.leftovers());
    }

    private static List<String> evidence(List<ContainerReport> reports, int index) {
        return SharedFilesystemAnnotator.annotate(reports)
                .get(index)
                .findings()
                .getFirst()
                .evidence();
    }

    @Test
    void theMountsOfOtherContainersOnItAreNamed() {
        List<ContainerReport> reports =
                List.of(
                        onDisk("web", ONE, ENOSPC),
                        onDisk("db", ONE, ENOSPC),
                        onDisk("cache", ONE, JudgeCase.WRITABLE),
                        named(
                                "elsewhere",
                                ONE,
                                volume("900 100 0:8 /v /data rw - ext4 /dev/sdc rw", ENOSPC)));

        assertThat(evidence(reports, 0))
                .contains("on the same filesystem in other containers: cache:/data, db:/data");
        assertThat(evidence(reports, 1))
                .contains("on the same filesystem in other containers: cache:/data, web:/data");
        assertThat(evidence(reports, 3)).noneMatch(l -> l.contains("other containers"));
        assertThat(SharedFilesystemAnnotator.annotate(reports).get(2)).isSameAs(reports.get(2));
    }

    /// Device numbers are those of one kernel.
    @Test
    void anotherHostHasOtherFilesystems() {
        List<ContainerReport> reports =
                List.of(onDisk("web", ONE, ENOSPC), onDisk("db", "tcp://other:2376", ENOSPC));

        assertThat(evidence(reports, 0)).noneMatch(l -> l.contains("other containers"));
    }

    @Test
    void aServiceWithoutPermissionIsNoFaultOfTheFilesystem() {
        List<ContainerReport> reports =
                List.of(
                        onDisk("web", ONE, JudgeCase.EACCES),
                        onDisk("db", ONE, JudgeCase.WRITABLE));

        assertThat(SharedFilesystemAnnotator.annotate(reports)).isSameAs(reports);
    }

    @Test
    void ofManyTheFirstTenAreNamed() {
        List<ContainerReport> reports = new ArrayList<>();
        for (int i = 10; i < 25; i++) {
            reports.add(onDisk("web-" + i, ONE, ENOSPC));
        }

        assertThat(evidence(reports, 0))
                .anyMatch(l -> l.endsWith("web-19:/data, web-20:/data and 4 more"))
                .noneMatch(l -> l.contains("web-21"));
    }
}
