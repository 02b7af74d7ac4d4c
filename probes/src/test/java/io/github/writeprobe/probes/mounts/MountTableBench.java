package io.github.writeprobe.probes.mounts;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The cost of a mount table with 25 mounts, which is usual for a container, and with 2,000. Run by
/// `bin/bench jmh`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MountTableBench {
    /// The number of mounts. Every second one is below another.
    @Param({"25", "2000"})
    int mounts;

    private String text = "";
    private MountTable table = MountTable.EMPTY;

    @Setup
    public void write() {
        text =
                "1000 50 0:51 / / ro,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/ABCDEFGHIJKLMNOPQRSTUVWXYZ,upperdir=/var/lib/docker/overlay2/u/diff,workdir=/var/lib/docker/overlay2/u/work\n"
                        + IntStream.range(1, mounts)
                                .mapToObj(MountTableBench::line)
                                .collect(Collectors.joining());
        table = MountTable.parse(text);
        if (table.reachable().size() != mounts) {
            throw new IllegalStateException("not all can be reached");
        }
    }

    private static String line(int i) {
        boolean below = i % 2 == 0;
        return "%d %d 0:%d / %s rw,nosuid,nodev,noexec,relatime master:%d - tmpfs tmpfs rw,size=65536k,mode=755,inode64%n"
                .formatted(
                        1000 + i,
                        below ? 1000 + i - 1 : 1000,
                        60 + i,
                        below ? "/mnt/volume-" + (i - 1) + "/sub" : "/mnt/volume-" + i,
                        i);
    }

    @Benchmark
    public MountTable parse() {
        return MountTable.parse(text);
    }

    @Benchmark
    public List<MountEntry> reachable() {
        return table.reachable();
    }

    @Benchmark
    public List<MountEntry> parseAndReachable() {
        return MountTable.parse(text).reachable();
    }
}
