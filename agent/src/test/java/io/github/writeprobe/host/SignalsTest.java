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
    /// Prints when a run begins, and ends it when a byte arrives on standard input.
    static final class Daemon {
        public static void main(String[] args) throws Exception {
            AtomicInteger runs = new AtomicInteger();
            Signals hangups = Signals.captureHangups();
            if (args.length > 0) {
                System.out.println("starting");
                System.in.read();
            }
            hangups.onHangup(() -> {
                System.out.println("begun " + runs.incrementAndGet());
                try {
                    int input = System.in.read();
                    System.out.println("ended " + runs.get());
                    if (input == 'x') {
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

    static final class WithoutHandler {
        public static void main(String[] args) throws Exception {
            System.out.println("up");
            Thread.sleep(100_000);
        }
    }

    /// Ends at the second interrupt, with its own exit code.
    static final class EndsAtSecondInterrupt {
        public static void main(String[] args) throws Exception {
            AtomicInteger interrupts = new AtomicInteger();
            Signals.onInterrupt(() -> {
                System.out.println("interrupt " + interrupts.incrementAndGet());
                if (interrupts.get() == 2) {
                    System.exit(7);
                }
            });
            System.out.println("up");
            Thread.sleep(100_000);
        }
    }

    private static void sendInput(Child child, char what) throws Exception {
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
            sendInput(child, '.');
            assertThat(child.line()).isEqualTo("ended 1");
            assertThat(child.line()).isEqualTo("begun 2");
            sendInput(child, '.');
            assertThat(child.line()).isEqualTo("ended 2");
            Thread.sleep(300);
            assertThat(child.process().inputReader().ready()).as("a third run").isFalse();
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 3");
        }
    }

    @Test
    void hangupsBeforeAHandlerIsSetAreHandledOnce() throws Exception {
        try (Child child = Child.start(Daemon.class, "slowly")) {
            assertThat(child.line()).isEqualTo("starting");
            child.kill("HUP");
            child.kill("HUP");
            Thread.sleep(100);
            sendInput(child, '.');
            assertThat(List.of(child.line(), child.line()))
                    .containsExactlyInAnyOrder("up", "begun 1");
            sendInput(child, '.');
            assertThat(child.line()).isEqualTo("ended 1");
            Thread.sleep(300);
            assertThat(child.process().inputReader().ready()).as("a second run").isFalse();
        }
    }

    @Test
    void aFailingHandlerIsLoggedAndCalledAgain() throws Exception {
        try (Child child = Child.start(Daemon.class)) {
            assertThat(child.line()).isEqualTo("up");
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 1");
            sendInput(child, 'x');
            assertThat(child.line()).isEqualTo("ended 1");
            child.kill("HUP");
            assertThat(child.line()).isEqualTo("begun 2");
            child.kill("TERM");
            assertThat(child.code()).isEqualTo(143);
            assertThat(child.errors()).anyMatch(l -> l.contains("handling SIGHUP failed"));
        }
    }

    /// Under nohup, or in the background, signals are ignored, and a child process inherits that.
    private static Child startWithDefault(String signal, Class<?> main) throws Exception {
        List<String> command =
                Stream.concat(
                                Stream.of("env", "--default-signal=" + signal),
                                Child.command(main).stream())
                        .toList();
        return Child.start(command, builder -> {});
    }

    @Test
    void handledInterruptsEndTheProgramOnlyIfTheHandlerDoes() throws Exception {
        try (Child child = startWithDefault("INT", EndsAtSecondInterrupt.class)) {
            assertThat(child.line()).isEqualTo("up");
            child.kill("INT");
            assertThat(child.line()).isEqualTo("interrupt 1");
            Thread.sleep(300);
            assertThat(child.process().isAlive()).isTrue();
            child.kill("INT");
            assertThat(child.line()).isEqualTo("interrupt 2");
            assertThat(child.code()).isEqualTo(7);
        }
    }

    @Test
    void withoutAHandlerHangupsEndTheProgram() throws Exception {
        try (Child child = startWithDefault("HUP", WithoutHandler.class)) {
            assertThat(child.line()).isEqualTo("up");
            child.kill("HUP");
            assertThat(child.code()).isEqualTo(129);
        }
    }
}
