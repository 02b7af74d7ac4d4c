package io.github.writeprobe.probes.mounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MountTableTest {
    private static final String ROOT =
            "100 50 0:51 / / ro,relatime master:3 - overlay overlay rw,lowerdir=/a:/b";
    private static final String TMP =
            "101 100 0:60 / /tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw";
    private static final String DATA =
            "102 100 254:0 /srv/d /data rw,relatime shared:7 master:1 - ext4 /dev/sda1 ro";

    private static MountTable table(String... lines) {
        return MountTable.parse(String.join("\n", lines) + "\n");
    }

    @Test
    void eachFieldOfALineIsRead() {
        MountEntry tmp = table(TMP).entries().getFirst();
        assertThat(tmp.id()).isEqualTo(101);
        assertThat(tmp.parent()).isEqualTo(100);
        assertThat(tmp.root()).isEqualTo("/");
        assertThat(tmp.mountPoint()).isEqualTo("/tmp");
        assertThat(tmp.options()).containsExactly("rw", "nosuid", "nodev", "noexec", "relatime");
        assertThat(tmp.filesystem()).isEqualTo("tmpfs");
        assertThat(tmp.source()).isEqualTo("tmpfs");
        assertThat(tmp.superOptions()).containsExactly("rw");
        assertThat(tmp.line()).isEqualTo(TMP);
    }

    @Test
    void anyNumberOfOptionalFieldsIsSkipped() {
        MountEntry data = table(DATA).entries().getFirst();
        assertThat(data.filesystem()).isEqualTo("ext4");
        assertThat(data.source()).isEqualTo("/dev/sda1");
    }

    @Test
    void aMountIsReadOnlyByItsOwnOptionsOrByThoseOfItsFilesystem() {
        assertThat(table(ROOT).entries().getFirst().isReadOnly()).isTrue();
        assertThat(table(DATA).entries().getFirst().isReadOnly()).isTrue();
        assertThat(table(TMP).entries().getFirst().isReadOnly()).isFalse();
    }

    @Test
    void escapesOfTheKernelAreUndone() {
        MountTable table =
                table("1 0 0:1 / /a\\040b\\011c\\012d\\134e\\043f rw - tmpfs x\\040y rw");
        assertThat(table.entries().getFirst().mountPoint()).isEqualTo("/a b\tc\nd\\e#f");
        assertThat(table.entries().getFirst().source()).isEqualTo("x y");
    }

    @Test
    void whatIsNoEscapeStaysAsItIs() {
        assertThat(MountTable.unescape("/a\\09/b\\")).isEqualTo("/a\\09/b\\");
    }

    @Test
    void linesThatAreNoMountinfoAreSkipped() {
        assertThat(
                        table("", "garbage", "a b c d e f - g h i", "1 2 3:4 / /x rw - tmpfs", TMP)
                                .entries())
                .extracting(MountEntry::mountPoint)
                .containsExactly("/tmp");
    }

    @Test
    void aPathLiesOnTheNearestMountAboveIt() {
        MountTable table = table(ROOT, TMP, DATA);
        assertThat(table.mountCovering("/tmp/a/b")).map(MountEntry::id).contains(101);
        assertThat(table.mountCovering("/tmpfile")).map(MountEntry::id).contains(100);
        assertThat(table.mountCovering("/")).map(MountEntry::id).contains(100);
        assertThat(table.mountAt("/data")).map(MountEntry::id).contains(102);
        assertThat(table.mountAt("/data/x")).isEmpty();
    }

    @Test
    void ofMountsStackedOnOnePointTheLastIsVisible() {
        MountTable table = table(ROOT, TMP, "103 101 0:61 / /tmp ro - tmpfs above rw");
        assertThat(table.mountAt("/tmp")).map(MountEntry::source).contains("above");
        assertThat(table.reachable()).extracting(MountEntry::id).containsExactly(100, 103);
    }

    @Test
    void aMountThatAnotherHidesIsNotReachable() {
        MountTable table =
                table(
                        ROOT,
                        "110 100 0:61 / /a/b rw - tmpfs hidden rw",
                        "111 100 0:62 / /a rw - tmpfs over rw");
        assertThat(table.mountCovering("/a/b/c")).map(MountEntry::source).contains("over");
        assertThat(table.reachable()).extracting(MountEntry::id).containsExactly(100, 111);
    }

    @Test
    void aMountOverTheRootIsTheOneThatCounts() {
        MountTable table = table(ROOT, "120 100 0:70 / / rw - tmpfs pivot rw");
        assertThat(table.mountCovering("/etc")).map(MountEntry::source).contains("pivot");
    }

    @Test
    void aTableThatMakesNoSenseStillEnds() {
        MountTable circle =
                table(
                        "1 2 0:1 / / rw - tmpfs a rw",
                        "2 1 0:2 / / rw - tmpfs b rw",
                        "3 3 0:3 / /x rw - tmpfs c rw");
        assertThat(circle.mountCovering("/x/y")).isPresent();
        assertThat(MountTable.EMPTY.mountCovering("/")).isEmpty();
    }

    @Test
    void atOrBelowGoesByWholeComponents() {
        assertThat(MountTable.isAtOrBelow("/a/b", "/a")).isTrue();
        assertThat(MountTable.isAtOrBelow("/a", "/a")).isTrue();
        assertThat(MountTable.isAtOrBelow("/ab", "/a")).isFalse();
        assertThat(MountTable.isAtOrBelow("/anything", "/")).isTrue();
    }

    @Test
    void noInputBreaksTheParser() {
        Random random = new Random(20261123);
        String alphabet = "019 /\\-:,\nrwoabc\t\u0000é";
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder(run % 2 == 0 ? TMP : "");
            for (int i = random.nextInt(60); i > 0; i--) {
                int at = text.isEmpty() ? 0 : random.nextInt(text.length());
                text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
            }
            MountTable table = MountTable.parse(text.toString());
            assertThat(table.reachable().size()).isLessThanOrEqualTo(table.entries().size());
        }
    }

    @Test
    void aMaskIsOnTheFilesystemOfTheContainersOwnDevices() {
        MountTable table =
                MountTable.parse(
                        """
                        1 0 0:1 / / ro - overlay o rw
                        2 1 0:2 / /dev rw - tmpfs t rw
                        3 1 0:3 / /proc rw - proc p rw
                        4 3 0:2 /null /proc/keys rw - tmpfs t rw
                        5 3 0:9 /null /proc/tty rw - tmpfs t rw
                        6 3 0:5 /null /proc/kcore rw - devtmpfs d rw
                        7 3 0:2 /other /proc/fs rw - tmpfs t rw
                        8 1 0:8 / /dev ro - tmpfs over ro
                        9 3 0:2 /null//deleted /proc/timer_list rw - tmpfs t rw
                        10 3 0:2 /other//deleted /proc/scsi rw - tmpfs t rw
                        """);
        assertThat(table.entries())
                .filteredOn(table::isNullMask)
                .extracting(MountEntry::mountPoint)
                .containsExactly("/proc/keys", "/proc/kcore", "/proc/timer_list");
        MountTable withoutDevices = MountTable.parse("4 3 0:2 /null /proc/keys rw - tmpfs t rw");
        assertThat(withoutDevices.isNullMask(withoutDevices.entries().getFirst())).isFalse();
    }

    @Test
    void onlyATmpfsHoldsTheHierarchiesOfControlGroups() {
        MountTable table =
                MountTable.parse(
                        """
                        1 0 0:1 / / ro - overlay o rw
                        2 1 0:2 / /sys/fs/cgroup rw - tmpfs t rw
                        3 1 0:3 / /sys/fs/other rw - tmpfs t rw
                        4 1 0:4 / /sys/fs/cgroup rw - cgroup2 c rw
                        """);
        assertThat(table.entries())
                .filteredOn(table::isCgroupV1Tmpfs)
                .extracting(MountEntry::id)
                .containsExactly(2);
    }

    @Test
    void aTableKnowsItsText() {
        String text =
                """
                20 1 0:30 / / rw - overlay overlay rw
                21 20 0:31 / /tmp rw - tmpfs tmpfs rw
                """;
        MountTable table = MountTable.parse(text);
        assertThat(table.isOf(text)).isTrue();
        assertThat(table.isOf(text.strip())).isTrue();
        assertThat(table.isOf(text + "22 20 0:32 / /run rw - tmpfs tmpfs rw\n")).isFalse();
        assertThat(table.isOf(text.replace("/tmp rw", "/tmp ro"))).isFalse();
        assertThat(table.isOf(text.replace("tmpfs rw", "tmpfs rw,size=1"))).isFalse();
        assertThat(table.isOf(text.lines().findFirst().orElseThrow())).isFalse();
        assertThat(MountTable.EMPTY.isOf(text)).isFalse();
    }

    @Test
    void tablesShareTheFieldsThatTheyHaveInCommon() {
        MountTable one = MountTable.parse("20 1 0:30 / /run rw,nosuid - tmpfs tmpfs rw");
        MountTable two = MountTable.parse("30 1 0:31 / /run rw,nosuid - tmpfs tmpfs rw");
        assertThat(two.entries().getFirst().options()).isSameAs(one.entries().getFirst().options());
        assertThat(two.entries().getFirst().mountPoint())
                .isSameAs(one.entries().getFirst().mountPoint());
    }
}
