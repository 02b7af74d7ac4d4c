package io.github.writeprobe.probes.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Which call made a change. Times are milliseconds.
class ChangeMatcherTest {
    private static final String WEB = "mnt:[1]";
    private static final String DB = "mnt:[2]";
    private static final String HOST = "mnt:[0]";
    private static final long REMOUNT = 0x1020;
    private static final long REMOUNT_FILESYSTEM = 0x20;

    private final Map<Integer, Caller> callers = new HashMap<>();
    private long now;
    private final MountCallLog log =
            new MountCallLog(
                    (thread, at) -> callers.getOrDefault(thread, new Caller.Gone(thread)),
                    () -> Instant.EPOCH.plusNanos(now),
                    () -> now);
    private final ChangeMatcher matcher = new ChangeMatcher(log);

    private static long millis(long at) {
        return at * 1_000_000;
    }

    private void isIn(int pid, Optional<String> namespace) {
        callers.put(
                pid,
                new Caller.Seen(
                        new ProcessIdentity(
                                pid,
                                1,
                                "mount",
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                new ProcessOrigin.Host()),
                        namespace,
                        List.of()));
    }

    private void call(int pid, long at, MountSyscall call, long flags, long result) {
        enter(pid, at, call, flags);
        log.add(new TraceEvent.Returned(pid, millis(at) + 30_000, call, result));
    }

    private void enter(int pid, long at, MountSyscall call, long flags) {
        now = millis(at);
        log.add(new TraceEvent.Entered(pid, now, call, flags));
    }

    private ChangeMaker find(boolean followsOthers) {
        return matcher.find(
                new MountChange(
                        Optional.of(WEB),
                        millis(1000),
                        millis(2010),
                        OptionalLong.of(millis(2001)),
                        followsOthers),
                true);
    }

    private static List<Integer> pids(ChangeMaker maker) {
        return ((ChangeMaker.MadeBy) maker).calls().stream().map(c -> c.caller().pid()).toList();
    }

    @Test
    void theCallInTheNamespaceMadeTheChange() {
        isIn(7, Optional.of(WEB));
        isIn(8, Optional.of(DB));
        call(8, 1999, MountSyscall.MOUNT, REMOUNT, 0);
        call(7, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        call(8, 2001, MountSyscall.MOUNT, REMOUNT, 0);
        ChangeMaker.MadeBy made = (ChangeMaker.MadeBy) find(false);
        assertThat(pids(made)).containsExactly(7);
        assertThat(made.doubt()).isEmpty();
        assertThat(made.fromElsewhere()).isFalse();
        assertThat(made.calls().getFirst().at()).isEqualTo(Instant.ofEpochMilli(2000));
    }

    @Test
    void aCallThatFailedMadeNone() {
        isIn(7, Optional.of(WEB));
        isIn(8, Optional.of(WEB));
        call(7, 1999, MountSyscall.MOUNT, REMOUNT, 0);
        call(8, 2000, MountSyscall.MOUNT, REMOUNT, -1);
        assertThat(pids(find(false))).containsExactly(7);
    }

    @Test
    void aDetachedMountIsInNoTable() {
        isIn(7, Optional.of(WEB));
        call(7, 2000, MountSyscall.OPEN_TREE, 1, 3);
        assertThat(find(false)).isInstanceOf(ChangeMaker.NotKnown.class);
        call(7, 2000, MountSyscall.MOVE_MOUNT, 4, 0);
        assertThat(pids(find(false))).containsExactly(7);
    }

    @Test
    void whereTwoCanBeMeantBothAreNamed() {
        isIn(7, Optional.of(WEB));
        isIn(8, Optional.of(WEB));
        call(7, 1999, MountSyscall.MOUNT, REMOUNT, 0);
        enter(8, 2000, MountSyscall.UMOUNT, 0);
        assertThat(pids(find(false))).containsExactly(8, 7);
    }

    @Test
    void manyCallsOfOneProcessAreOne() {
        isIn(7, Optional.of(WEB));
        for (int at = 1100; at < 2000; at++) {
            call(7, at, MountSyscall.MOUNT, REMOUNT, 0);
        }
        ChangeMaker.MadeBy made = (ChangeMaker.MadeBy) find(false);
        assertThat(pids(made)).containsExactly(7);
        assertThat(made.calls().getFirst().entered()).isEqualTo(millis(1999));
    }

    @Test
    void manyProcessesAreCounted() {
        for (int pid = 1; pid <= 10; pid++) {
            isIn(pid, Optional.of(WEB));
            call(pid, 1990 + pid, MountSyscall.MOUNT, REMOUNT, 0);
        }
        ChangeMaker.MadeBy made = (ChangeMaker.MadeBy) find(false);
        assertThat(pids(made)).containsExactly(10, 9, 8, 7);
        assertThat(made.more()).isEqualTo(6);
    }

    @Test
    void aCallBeforeTheTableWasReadLastMadeNone() {
        isIn(7, Optional.of(WEB));
        call(7, 999, MountSyscall.MOUNT, REMOUNT, 0);
        assertThat(find(false)).isInstanceOf(ChangeMaker.NotKnown.class);
    }

    @Test
    void theOnlyProcessThatEndedTooSoonIsNamedWithDoubt() {
        isIn(7, Optional.empty());
        call(7, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        ChangeMaker.MadeBy made = (ChangeMaker.MadeBy) find(false);
        assertThat(pids(made)).containsExactly(7);
        assertThat(made.doubt()).hasValueSatisfying(d -> assertThat(d).contains("it ended before"));
    }

    @Test
    void aProcessThatEndedTooSoonCanAlsoHaveMadeIt() {
        isIn(7, Optional.of(WEB));
        call(7, 1999, MountSyscall.MOUNT, REMOUNT, 0);
        call(8, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        assertThat(pids(find(false))).containsExactly(8, 7);
    }

    @Test
    void aProcessThatEndedLongBeforeTheReportDidNot() {
        isIn(7, Optional.of(WEB));
        call(8, 1500, MountSyscall.MOUNT, REMOUNT, 0);
        call(7, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        assertThat(pids(find(false))).containsExactly(7);
    }

    @Test
    void aMountReachesANamespaceThatFollows() {
        isIn(7, Optional.of(HOST));
        call(7, 2000, MountSyscall.MOUNT, 0x1000, 0);
        assertThat(find(false)).isInstanceOf(ChangeMaker.NotKnown.class);
        ChangeMaker.MadeBy made = (ChangeMaker.MadeBy) find(true);
        assertThat(pids(made)).containsExactly(7);
        assertThat(made.fromElsewhere()).isTrue();
    }

    @Test
    void theOptionsOfAMountReachNoOtherNamespace() {
        isIn(7, Optional.of(HOST));
        call(7, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        assertThat(find(true)).isInstanceOf(ChangeMaker.NotKnown.class);
        call(7, 2000, MountSyscall.MOUNT, REMOUNT_FILESYSTEM, 0);
        assertThat(pids(find(false))).containsExactly(7);
    }

    @Test
    void lostCallsLeaveADoubt() {
        isIn(7, Optional.of(WEB));
        call(7, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        log.add(new TraceEvent.Lost(3));
        assertThat(((ChangeMaker.MadeBy) find(false)).doubt())
                .contains("mount calls were lost at that time");
        assertThat(log.lost()).isEqualTo(3);
    }

    @Test
    void lostCallsMayBeTheOne() {
        now = millis(2000);
        log.add(new TraceEvent.Lost(3));
        assertThat(find(false))
                .isEqualTo(new ChangeMaker.NotKnown("mount calls were lost at that time"));
    }

    @Test
    void aCallWhoseStartWasLostStillCounts() {
        isIn(7, Optional.of(WEB));
        now = millis(2000);
        log.add(new TraceEvent.Returned(7, now, MountSyscall.MOUNT, 0));
        assertThat(pids(find(false))).containsExactly(7);
    }

    @Test
    void whatWasNotReadYetIsNotGuessed() {
        isIn(7, Optional.of(WEB));
        call(7, 2000, MountSyscall.MOUNT, REMOUNT, 0);
        MountChange change =
                new MountChange(
                        Optional.of(WEB), millis(1000), millis(2010), OptionalLong.empty(), false);
        assertThat(matcher.find(change, false)).isInstanceOf(ChangeMaker.NotKnown.class);
        assertThat(matcher.find(change, true)).isInstanceOf(ChangeMaker.MadeBy.class);
    }
}
