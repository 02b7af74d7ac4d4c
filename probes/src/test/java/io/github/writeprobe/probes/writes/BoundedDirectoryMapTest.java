package io.github.writeprobe.probes.writes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Which directories represent too many others.
class BoundedDirectoryMapTest {
    private static BoundedDirectoryMap<AtomicInteger> directories(
            int maxEntries, int maxCharacters) {
        return new BoundedDirectoryMap<>(
                maxEntries,
                maxCharacters,
                (one, other) -> {
                    one.addAndGet(other.get());
                    return one;
                });
    }

    private static void count(BoundedDirectoryMap<AtomicInteger> directories, String path) {
        directories.entryFor(path, AtomicInteger::new).incrementAndGet();
    }

    private static int sum(BoundedDirectoryMap<AtomicInteger> directories) {
        return directories.entries().values().stream().mapToInt(AtomicInteger::get).sum();
    }

    @Test
    void tooManyDirectoriesBecomeTheirParentAndOthersStay() {
        BoundedDirectoryMap<AtomicInteger> directories = directories(100, 1 << 20);
        List<String> others =
                List.of("/var/lib/app", "/var/lib/app/a/b/c", "/run", "/home/x/.cache");
        others.forEach(o -> count(directories, o));
        for (int i = 0; i < 100_000; i++) {
            count(directories, "/data/spool/" + i + "/new");
        }
        assertThat(directories.paths()).containsAll(others).contains("/data/spool");
        assertThat(directories.paths()).hasSizeLessThanOrEqualTo(100).doesNotContain("/data");
        assertThat(sum(directories)).isEqualTo(100_000 + others.size());
        assertThat(directories.entryFor("/data/spool", AtomicInteger::new).get())
                .isGreaterThan(99_000);
    }

    @Test
    void tooManyDirectoriesInTheRootLeaveTheOthers() {
        BoundedDirectoryMap<AtomicInteger> directories = directories(100, 1 << 20);
        count(directories, "/var/lib/app");
        for (int i = 0; i < 10_000; i++) {
            count(directories, "/" + i);
        }
        assertThat(directories.paths()).contains("/var/lib/app", "/");
    }

    @Test
    void aTreeThatIsWideEverywhereShrinksFromBelow() {
        BoundedDirectoryMap<AtomicInteger> directories = directories(200, 1 << 20);
        count(directories, "/var/lib/app");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 5_000; i++) {
            count(
                    directories,
                    "/data/%d/%d/%d/%d"
                            .formatted(
                                    random.nextInt(8),
                                    random.nextInt(8),
                                    random.nextInt(8),
                                    random.nextInt(8)));
        }
        assertThat(directories.paths()).contains("/var/lib/app").hasSizeLessThanOrEqualTo(200);
        assertThat(directories.paths()).noneMatch(p -> p.equals("/data") || p.equals("/"));
        assertThat(sum(directories)).isEqualTo(5_001);
    }

    @Test
    void deepTreesEndSomewhere() {
        BoundedDirectoryMap<AtomicInteger> directories = directories(2000, 1 << 20);
        for (int i = 0; i < 2000; i++) {
            count(directories, "/deep" + i % 20 + "/d".repeat(i));
        }
        assertThat(directories.paths())
                .allMatch(p -> p.chars().filter(c -> c == '/').count() <= 32);
        assertThat(sum(directories)).isEqualTo(2000);
    }

    @Test
    void longNamesCostNoMoreThanTheirBound() {
        BoundedDirectoryMap<AtomicInteger> directories = directories(2000, 100_000);
        for (int i = 0; i < 1000; i++) {
            count(directories, "/long/" + i + ("/" + "x".repeat(250)).repeat(16));
        }
        assertThat(directories.paths().stream().mapToInt(String::length).sum())
                .isLessThanOrEqualTo(100_000);
        assertThat(directories.paths()).allMatch(p -> p.startsWith("/long"));
        assertThat(sum(directories)).isEqualTo(1000);
    }
}
