package io.github.writeprobe.it;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The program from its jar, with the same flags as `bin/writeprobe`, and with an AOT cache,
/// without which JVM starts would take half of the time of a test.
///
/// A separate class, since its initialisation runs programs with [Lab], which must be initialised
/// before.
final class ShippedJvm {
    private static final Path JAR = Path.of("target", "writeprobe.jar").toAbsolutePath();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final List<String> FLAGS = flags("$jvm_flags");
    private static final List<String> DAEMON_FLAGS = flags("$daemon_flags");
    private static final File CACHE = JAR.resolveSibling("it.aot").toFile();

    /// Only for measurements, because the training takes longer than it saves a few tests.
    private static final File CRI_CACHE = JAR.resolveSibling("it-cri.aot").toFile();

    static {
        if (isStale(CACHE)) {
            train(CACHE);
        }
    }

    private ShippedJvm() {}

    static List<String> command(String... args) {
        boolean daemon = args.length > 0 && args[0].equals("agent");
        return Stream.of(
                        Stream.of(JAVA),
                        FLAGS.stream(),
                        daemon ? DAEMON_FLAGS.stream() : Stream.<String>of(),
                        Stream.of(
                                cacheFor(args),
                                "-Dstdout.encoding=UTF-8",
                                "-Dstderr.encoding=UTF-8"),
                        Stream.of("-jar", JAR.toString()),
                        Arrays.stream(args))
                .flatMap(s -> s)
                .toList();
    }

    private static List<String> flags(String which) {
        return List.of(sh(". ../bin/jvm-flags; printf %s \"" + which + "\"").split(" "));
    }

    /// As in bin/writeprobe.
    private static String cacheFor(String... args) {
        boolean cri = Arrays.stream(args).anyMatch(arg -> arg.contains("cri://"));
        return "-XX:AOTCache=" + (cri && !isStale(CRI_CACHE) ? CRI_CACHE : CACHE);
    }

    /// Commands with a host `cri://` get their own cache from now on.
    static void trainForCri() {
        if (isStale(CRI_CACHE)) {
            train(CACHE, CRI_CACHE);
        }
    }

    private static boolean isStale(File cache) {
        return cache.lastModified() <= JAR.toFile().lastModified();
    }

    private static void train(File... caches) {
        sh(
                "exec ../bin/train \"$@\"",
                Stream.concat(
                                Stream.of(JAVA, JAR.toString()),
                                Arrays.stream(caches).map(File::toString))
                        .toArray(String[]::new));
    }

    private static String sh(String script, String... args) {
        Lab.Run run =
                Lab.run(
                        Map.of(),
                        Stream.concat(Stream.of("sh", "-c", script, "sh"), Arrays.stream(args))
                                .toList());
        if (run.code() != 0) {
            throw new AssertionError(script + ": " + run.output());
        }
        return run.out();
    }
}
