package io.github.writeprobe.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.writeprobe.it.Lab.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `audit --watch` on a real terminal, tmux, with the content of its screen.
class WatchIT {
    private static final long TIMEOUT_MILLIS = 60_000;

    @AutoClose private static Lab lab;

    private final String server = "writeprobe-" + UUID.randomUUID();

    @BeforeAll
    static void open() {
        lab = Lab.open();
    }

    @AfterEach
    void killServer() {
        tmux("kill-server");
    }

    private Lab.Run tmux(String... args) {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", server));
        command.addAll(List.of(args));
        return Lab.run(Map.of(), command);
    }

    private void watch(String... args) {
        List<String> command = new ArrayList<>(List.of("audit", "--watch"));
        command.addAll(List.of(args));
        String quoted =
                String.join(
                        " ",
                        Lab.command(command.toArray(String[]::new)).stream()
                                .map(word -> "'" + word + "'")
                                .toList());
        // The text from before shows that the screen is restored.
        String script = "echo BEFORE; " + quoted + "; echo code $?; sleep 600";
        tmux("new-session", "-d", "-x", "80", "-y", "24", script);
    }

    private String screen() {
        return tmux("capture-pane", "-p").out();
    }

    private String await(String what, Predicate<String> screen) throws InterruptedException {
        long until = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000;
        while (System.nanoTime() < until) {
            String now = screen();
            if (screen.test(now)) {
                return now;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("never " + what + ":\n" + screen());
    }

    private static Predicate<String> line(String... parts) {
        return screen ->
                screen.lines().anyMatch(l -> List.of(parts).stream().allMatch(l::contains));
    }

    @Test
    void theTableFollowsWhatHappensAndGivesTheTerminalBack() throws Exception {
        String container = lab.start(Image.BUSYBOX, "--read-only", "--tmpfs", "/tmp");
        String other = lab.start(Image.BUSYBOX);
        watch(container);
        String calm = await("compliant", line("✓ " + container, "read-only", "/tmp (memory)"));
        assertThat(calm.lines().findFirst().orElseThrow()).contains("--watch", "Ctrl-C");
        assertThat(calm).contains("1 container: 1 compliant").doesNotContain(other, "BEFORE");

        lab.mount(container, "-o", "remount,bind,rw", "/");
        String drifted = await("drifted", line("✗ " + container, "DRIFTED"));
        assertThat(drifted).contains("CRITICAL drift", "1 container: 1 violating");

        lab.mount(container, "-o", "remount,bind,ro", "/");
        await("compliant again", line("✓ " + container, "read-only"));

        tmux("send-keys", "C-c");
        String after = await("at its end", line("code 0"));
        assertThat(after).contains("BEFORE", "✓ " + container).doesNotContain("Ctrl-C");
    }

    @Test
    void aWindowThatIsResizedIsDrawnAnewAndTheSumIsAlwaysSeen() throws Exception {
        String[] containers = new String[6];
        for (int i = 0; i < containers.length; i++) {
            containers[i] = lab.start(Image.BUSYBOX);
        }
        watch(containers);
        await("violating", line("6 containers: 6 violating"));
        tmux("resize-window", "-x", "60", "-y", "8");
        String small = await("small", line("more lines; writeprobe audit shows all"));
        assertThat(small).contains("--watch", "6 containers: 6 violating");
        tmux("resize-window", "-x", "200", "-y", "40");
        String large = await("large", line("IMAGE"));
        assertThat(large).contains(containers).doesNotContain("more lines");
        tmux("send-keys", "C-c");
        await("at its end", line("code 1"));
    }

    @Test
    void filteredContainersAppearAndDisappear() throws Exception {
        String label = "writeprobe.test=" + server;
        String first = lab.start(Image.BUSYBOX, "--read-only", "--label", label);
        watch("--filter", "label=" + label);
        await("the first", line(first, "read-only"));
        String second = lab.start(Image.BUSYBOX, "--label", label);
        String both = await("the second", line(second, "writable"));
        assertThat(both).contains(first, "2 containers");
        lab.docker("rm", "-f", second);
        await("the first alone", line("1 container: 1 compliant"));
    }

    @Test
    void watchRequiresATerminal() {
        Lab.Run run = lab.writeprobe("audit", "--watch");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--watch requires a terminal", "writeprobe agent");
        run = lab.writeprobe("audit", "--watch", "--format", "json");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--format or --output: omit them");
    }
}
