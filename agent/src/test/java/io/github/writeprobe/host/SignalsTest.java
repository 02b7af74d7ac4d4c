package io.github.writeprobe.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.Child;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SignalsTest {
    /// Says when a run begins, and ends it when it is told to.
    static final class Daemon {
        public static void main(String[] args) throws Exception {
            AtomicInteger runs = new AtomicInteger();
            Signals hangups = Signals.hangups();
            if (args.length > 0) {
                System.out.println("starting");
                System.in.read();
            }
            hangups.each(() -> {
                System.out.println("begun " + runs.incrementAndGet());
                try {
                    int told = System.in.read();
                    System.out.println("ended " + runs.get());
                    if (told == 'x') {
                        throw new IllegalStateException("as the test wants it");
                    }
                } catch (java.io.IOException e) {
                    System.out.println(e);
                }
            });
            System.out.println("up");
            Thread.sleep(100_000);
        }
    }

    static final class Bystander {
        public static void main(String[] args) throws Exception {
            System.out.println("up");
            Thread.sleep(100_000);
        }
    }

    private static void tell(Child child, char what) throws Exception {
        child.process().getOutputStream().write(what);
        child.process().getOutputStream().flush();
    }

    @Test
    void hangupsWhileOneIsHandledAreHandledOnceMore() throws Exception {
        try (Child child = Child.start(Daemon.class)) {
            assertThat(child.line()).isEqualTo("up");
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 1");
            for (int i = 0; i < 5; i++) {
                child.kill("HUP");
                Thread.sleep(50);
            }
            tell(child, '.');
            assertThat(child.line()).isEqualTo("ended 1");
            assertThat(child.line()).isEqualTo("begun 2");
            tell(child, '.');
            assertThat(child.line()).isEqualTo("ended 2");
            Thread.sleep(300);
            assertThat(child.process().inputReader().ready()).as("a third run").isFalse();
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 3");
        }
    }

    @Test
    void hangupsBeforeAnybodyWantsToKnowAreHandledOnce() throws Exception {
        try (Child child = Child.start(Daemon.class, "slowly")) {
            assertThat(child.line()).isEqualTo("starting");
            child.kill("HUP");
            child.kill("HUP");
            Thread.sleep(100);
            tell(child, '.');
            assertThat(List.of(child.line(), child.line()))
                    .containsExactlyInAnyOrder("up", "begun 1");
            tell(child, '.');
            assertThat(child.line()).isEqualTo("ended 1");
            Thread.sleep(300);
            assertThat(child.process().inputReader().ready()).as("a second run").isFalse();
        }
    }

    @Test
    void aHandlerThatFailsIsToldAndCalledAgain() throws Exception {
        try (Child child = Child.start(Daemon.class)) {
            assertThat(child.line()).isEqualTo("up");
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 1");
            tell(child, 'x');
            assertThat(child.line()).isEqualTo("ended 1");
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 2");
            child.kill("TERM");
            assertThat(child.code()).isEqualTo(143);
            assertThat(child.errors()).anyMatch(l -> l.contains("what a SIGHUP asks for failed"));
        }
    }

    @Test
    void whereNobodyAsksForHangupsTheyEndTheProgram() throws Exception {
        // Whoever runs the tests under nohup has it ignored, and so would the child.
        List<String> command =
                Stream.concat(
                                Stream.of("env", "--default-signal=HUP"),
                                Child.command(Bystander.class).stream())
                        .toList();
        try (Child child = Child.start(command, builder -> {})) {
            assertThat(child.line()).isEqualTo("up");
            child.kill("HUP");
            assertThat(child.code()).isEqualTo(129);
        }
    }
}
