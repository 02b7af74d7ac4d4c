package io.github.writeprobe.probes.procfs;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The cost of a probe, and of a single system call. Run by `bin/bench jmh`, which passes the
/// process to probe.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProcfsPathProberBench {
    @Param("self")
    String pid = "";

    private ProbeLoop loop = ProbeLoop.closed();

    @Setup
    public void open() {
        loop = ProbeLoop.at("/proc/" + pid + "/root");
    }

    @TearDown
    public void close() {
        loop.close();
    }

    /// Two bytes into an unnamed file of a tmpfs.
    @Benchmark
    public Object written() {
        return loop.probe("/tmp");
    }

    /// A read-only root.
    @Benchmark
    public Object refused() {
        return loop.probe("/");
    }

    /// One system call that does almost nothing.
    @Benchmark
    public long call() {
        return loop.call();
    }
}
