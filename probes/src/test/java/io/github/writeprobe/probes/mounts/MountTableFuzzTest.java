package io.github.writeprobe.probes.mounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Parses any mount table that a container may print, in a time bounded by its length. For tables
/// as the kernel makes them, the index finds the same mount as a scan of all mounts.
///
/// In `bin/bench fuzz`, Jazzer generates the inputs, guided by coverage. In `bin/bench long`, the
/// test runs for seconds with inputs from a fixed random seed.
@Tag("long")
class MountTableFuzzTest {
    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final String[] NAMES = {
        "", "/", "/a", "/a/b", "/ab", "/a/b/c", "//", "a", "/a/"
    };

    @FuzzTest
    void anyText(byte[] bytes) {
        assertConsistent(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    }

    @FuzzTest
    void linesThatLookLikeMounts(FuzzedDataProvider data) {
        StringBuilder text = new StringBuilder();
        while (data.remainingBytes() > 0) {
            text.append(
                    line(
                            data.consumeInt(0, 9),
                            data.consumeInt(0, 9),
                            data.consumeBoolean() ? data.pickValue(NAMES) : data.consumeString(8)));
        }
        assertConsistent(text.toString());
    }

    @Test
    void randomLinesInTheTimeThatTheBuildHas() {
        Random random = new Random(20261125);
        long deadline = System.nanoTime() + BUDGET.toNanos();
        while (System.nanoTime() - deadline < 0) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(
                        line(
                                random.nextInt(9),
                                random.nextInt(9),
                                NAMES[random.nextInt(NAMES.length)]));
            }
            for (int i = random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
                text.setCharAt(
                        random.nextInt(text.length()), "\\/0- \n\u00e9x".charAt(random.nextInt(8)));
            }
            assertConsistent(text.toString());
        }
    }

    @Test
    void theIndexFindsWhatALookAtAllMountsFinds() {
        Random random = new Random(20261126);
        for (int run = 0; run < 20_000; run++) {
            MountTable table = MountTable.parse(randomTable(random));
            for (String path : List.of("/", "/a", "/ab", "/a/b/c", "/b/a/b")) {
                assertThat(table.mountCovering(path))
                        .as("%s in %s", path, table)
                        .isEqualTo(coveringByScan(table, path));
            }
            for (MountEntry entry : table.entries()) {
                assertThat(table.mountCovering(entry.mountPoint()))
                        .isEqualTo(coveringByScan(table, entry.mountPoint()));
            }
        }
    }

    /// Stacked mounts, cycles and many mounts do not take long.
    @Test
    @Timeout(10)
    void noTableTakesLong() {
        int count = MountTable.MAX_ENTRIES;
        StringBuilder stack = new StringBuilder(line(1, 0, "/"));
        StringBuilder circle = new StringBuilder();
        StringBuilder wide = new StringBuilder(line(1, 0, "/"));
        for (int i = 2; i < count; i++) {
            stack.append(line(i, i - 1, "/")).append(line(count + i, count, "/a" + i));
            circle.append(line(i, i == 2 ? count - 1 : i - 1, "/"));
            wide.append(line(i, 1, "/a" + i));
        }
        assertThat(MountTable.parse(stack.toString()).reachable()).hasSize(1);
        assertThat(MountTable.parse(circle.toString()).reachable()).hasSize(1);
        assertThat(MountTable.parse(wide.toString()).reachable()).hasSize(count - 1);
    }

    private static String line(int id, int parent, String mountPoint) {
        return id + " " + parent + " 0:1 / " + mountPoint + " rw - tmpfs x rw\n";
    }

    /// A table as the kernel makes them: each mount is on an earlier one.
    private static String randomTable(Random random) {
        List<String> points = new ArrayList<>(List.of("/"));
        StringBuilder text = new StringBuilder(line(10, 1, "/"));
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int parent = random.nextInt(points.size());
            String below = points.get(parent);
            String name = List.of("", "/a", "/b", "/a/b").get(random.nextInt(4));
            String point = name.isEmpty() ? below : below.equals("/") ? name : below + name;
            points.add(point);
            text.append(line(9 + points.size(), 10 + parent, point));
        }
        return text.toString();
    }

    private static void assertConsistent(String text) {
        MountTable table = MountTable.parse(text);
        Set<MountEntry> entries = new HashSet<>(table.entries());
        List<MountEntry> reachable = table.reachable();
        assertThat(entries).containsAll(reachable);
        for (MountEntry entry : reachable) {
            assertThat(table.mountAt(entry.mountPoint())).contains(entry);
        }
        for (String path : NAMES) {
            table.mountCovering(path).ifPresent(e -> assertThat(entries).contains(e));
        }
        assertThat(MountTable.unescape(text).length()).isLessThanOrEqualTo(text.length());
        assertThat(MountTable.parse(text)).isEqualTo(table).hasSameHashCodeAs(table);
    }

    /// The expected result, by a scan of all mounts at each step.
    private static Optional<MountEntry> coveringByScan(MountTable table, String path) {
        List<MountEntry> entries = table.entries();
        MountEntry current = entries.getFirst();
        while (true) {
            int id = current.id();
            Optional<MountEntry> next =
                    entries.stream()
                            .filter(e -> e.parent() == id)
                            .filter(e -> MountTable.isAtOrBelow(path, e.mountPoint()))
                            .min(Comparator.comparingInt(e -> e.mountPoint().length()));
            if (next.isEmpty()) {
                return Optional.of(current);
            }
            current = next.get();
        }
    }
}
