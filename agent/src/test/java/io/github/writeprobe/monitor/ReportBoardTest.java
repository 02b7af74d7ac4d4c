package io.github.writeprobe.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import io.github.writeprobe.model.EngineReport;
import io.github.writeprobe.model.Report;
import io.github.writeprobe.model.Verdict;
import io.github.writeprobe.policy.Policy;
import io.github.writeprobe.probing.ProbeSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// When a result is out of date.
class ReportBoardTest {
    private static final String HOST = "unix:///one";
    private static final MonitorSettings SETTINGS =
            new MonitorSettings(
                    ProbeSettings.DEFAULT,
                    Policy.DEFAULT,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(15));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final ReportBoard board =
            new ReportBoard("test", SETTINGS, Clock.systemUTC(), nanos::get);

    ReportBoardTest() {
        board.open(HOST, "not yet");
        board.engine(new EngineReport(HOST, "1", "1.41", List.of(), Optional.empty()));
        board.contact(HOST, nanos.get());
        board.put(report(Verdict.COMPLIANT), OptionalLong.of(nanos.get()));
    }

    private static ContainerReport report(Verdict verdict) {
        Container container =
                Container.builder("0".repeat(64), "web", HOST)
                        .image("image")
                        .readonlyRootfs(true)
                        .build();
        return new ContainerReport(
                container, verdict, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private ContainerReport shown() {
        return board.report().containers().getFirst();
    }

    @Test
    void aFreshVerdictIsShownAsItIs() {
        pass(SETTINGS.patience());
        assertThat(shown().verdict()).isEqualTo(Verdict.COMPLIANT);
        assertThat(shown().unproved()).isEmpty();
    }

    @Test
    void whatAnEngineThatIsSilentForTooLongHasSaidIsUnverified() {
        pass(SETTINGS.patience().plusNanos(1));
        assertThat(shown().verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(shown().unproved()).singleElement().asString().contains("the engine");
    }

    @Test
    void aResultThatIsTooOldIsUnverifiedThoughTheEngineAnswers() {
        pass(SETTINGS.maxAge());
        board.contact(HOST, nanos.get());
        assertThat(shown().verdict()).isEqualTo(Verdict.COMPLIANT);
        pass(Duration.ofNanos(1));
        assertThat(shown().verdict()).isEqualTo(Verdict.UNVERIFIED);
        assertThat(shown().unproved()).singleElement().asString().contains("no probe since");
    }

    @Test
    void outdatedViolatingVerdictStaysViolating() {
        board.put(report(Verdict.VIOLATING), OptionalLong.of(nanos.get()));
        pass(SETTINGS.maxAge().plusNanos(1));
        assertThat(shown().verdict()).isEqualTo(Verdict.VIOLATING);
        assertThat(shown().unproved()).isNotEmpty();
    }

    @Test
    void aReportIsMadeAnewOnlyWhenItWouldSayAnotherThing() {
        Report first = board.report();
        pass(SETTINGS.patience());
        assertThat(board.report()).isSameAs(first);
        board.contact(HOST, nanos.get());
        assertThat(board.report()).isSameAs(first);
        pass(SETTINGS.patience().plusNanos(1));
        Report silent = board.report();
        assertThat(silent).isNotSameAs(first);
        assertThat(board.report()).isSameAs(silent);
        board.contact(HOST, nanos.get());
        assertThat(shown().verdict()).isEqualTo(Verdict.COMPLIANT);
        board.remove(HOST, "0".repeat(64));
        assertThat(board.report().containers()).isEmpty();
    }

    /// `exec` probes again after its interval at the latest, and a probe that hangs takes its
    /// time-out.
    @Test
    void theBoundsLeaveTimeForWhatIsDueToHappen() {
        assertThat(SETTINGS.maxAge()).isGreaterThan(SETTINGS.execInterval().plusMinutes(1));
        assertThat(SETTINGS.patience()).isGreaterThan(SETTINGS.interval().multipliedBy(2));
    }

    /// A cycle may begin a tenth of its interval late, and has to request a list first.
    @Test
    void aVerdictOutlivesTheNextPassWhateverTheIntervals() {
        MonitorSettings rare =
                new MonitorSettings(
                        SETTINGS.probing(),
                        Policy.DEFAULT,
                        Duration.ofHours(24),
                        Duration.ofMinutes(15));
        assertThat(rare.maxAge()).isGreaterThan(Duration.ofHours(27));
        assertThat(SETTINGS.maxAge()).isEqualTo(Duration.ofSeconds(1415));
    }
}
