package io.github.writeprobe.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.probes.trace.Caller;
import io.github.writeprobe.probes.trace.ChangeMaker;
import io.github.writeprobe.probes.trace.MountCall;
import io.github.writeprobe.probes.trace.MountSyscall;
import io.github.writeprobe.probes.trace.ProcessIdentity;
import io.github.writeprobe.probes.trace.ProcessOrigin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Who changed mounts, in words.
class MountActorTest {
    private static final String WEB = "a".repeat(64);
    private static final String OTHER = "b".repeat(64);
    private static final ProcessOrigin HOST = new ProcessOrigin.Host();
    private static final ProcessOrigin UNKNOWN = new ProcessOrigin.Unknown();

    private static ProcessIdentity process(
            int pid, String command, List<String> arguments, ProcessOrigin origin) {
        return new ProcessIdentity(
                pid, 1, command, Optional.empty(), arguments, Optional.of(0), origin);
    }

    private static MountCall call(long flags, Caller caller) {
        return new MountCall(
                Instant.parse("2026-11-30T14:02:03.118205Z"),
                0,
                OptionalLong.of(1),
                MountSyscall.MOUNT,
                flags,
                0,
                caller);
    }

    private static MountCall call(ProcessOrigin origin, String... arguments) {
        return call(
                0x1020,
                new Caller.Seen(
                        process(7323, "mount", List.of(arguments), origin),
                        Optional.of("mnt:[1]"),
                        List.of(process(7322, "nsenter", List.of("secret"), HOST))));
    }

    private static MountActor madeBy(MountCall... calls) {
        return new MountActor(
                new ChangeMaker.MadeBy(List.of(calls), 0, false, Optional.empty()), WEB);
    }

    @Test
    void aRemountFromTheHost() {
        MountActor actor = madeBy(call(HOST, "mount", "-o", "remount,bind,rw", "/"));
        assertThat(actor.line())
                .isEqualTo(
                        "remounted writable at 2026-11-30T14:02:03.118Z by `mount -o"
                                + " remount,bind,rw /` (pid 7323, uid 0), started by `nsenter`,"
                                + " from the host");
        assertThat(actor.origin()).isEqualTo(ChangeOrigin.HOST);
    }

    @Test
    void aContainerIsThisOneOrAnother() {
        MountActor own = madeBy(call(new ProcessOrigin.InContainer(WEB), "sh"));
        assertThat(own.line()).endsWith(", in this container");
        assertThat(own.origin()).isEqualTo(ChangeOrigin.OWN_CONTAINER);
        MountActor other = madeBy(call(new ProcessOrigin.InContainer(OTHER), "sh"));
        assertThat(other.line()).endsWith(", from container bbbbbbbbbbbb");
        assertThat(other.origin()).isEqualTo(ChangeOrigin.OTHER_CONTAINER);
    }

    @Test
    void anArgumentCannotEndTheCommandAndForgeTheRest() {
        assertThat(madeBy(call(UNKNOWN, "sh", "x` (pid 1, uid 0), from the host`")).line())
                .contains("by `sh 'x' (pid 1, uid 0), from the host''` (pid 7323, uid 0)");
    }

    @Test
    void aLongCommandIsCut() {
        assertThat(madeBy(call(UNKNOWN, "x".repeat(100_000))).line()).hasSizeLessThan(400);
    }

    @Test
    void whoEndedTooSoonHasItsIdOnly() {
        MountActor actor = madeBy(call(0x1021, new Caller.Gone(7323)));
        assertThat(actor.line())
                .isEqualTo(
                        "remounted read-only at 2026-11-30T14:02:03.118Z by pid 7323, which ended"
                                + " before anything else could be read");
        assertThat(actor.origin()).isEqualTo(ChangeOrigin.UNKNOWN);
    }

    @Test
    void severalAreAllNamedAndTheirCommonOriginIsKnown() {
        MountActor both = madeBy(call(HOST, "a"), call(HOST, "b"));
        assertThat(both.line()).contains("`a`", "; or ", "`b`");
        assertThat(both.origin()).isEqualTo(ChangeOrigin.HOST);
        assertThat(madeBy(call(HOST, "a"), call(new ProcessOrigin.InContainer(WEB), "b")).origin())
                .isEqualTo(ChangeOrigin.UNKNOWN);
    }

    @Test
    void aDoubtIsSaidAndLeavesTheOriginUnknown() {
        MountActor actor =
                new MountActor(
                        new ChangeMaker.MadeBy(
                                List.of(call(HOST, "a")), 3, true, Optional.of("calls were lost")),
                        WEB);
        assertThat(actor.line())
                .endsWith("; or by one of 3 others, in another mount namespace (calls were lost)");
        assertThat(actor.origin()).isEqualTo(ChangeOrigin.UNKNOWN);
    }

    @Test
    void nobodyIsNamedWithTheReason() {
        MountActor actor = new MountActor(new ChangeMaker.NotKnown("calls were lost"), WEB);
        assertThat(actor.line()).isEqualTo("changed by: not known, because calls were lost");
        assertThat(actor.origin()).isEqualTo(ChangeOrigin.UNKNOWN);
    }
}
