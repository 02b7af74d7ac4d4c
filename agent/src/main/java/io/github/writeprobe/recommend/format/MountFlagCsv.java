package io.github.writeprobe.recommend.format;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The fields of `--mount`, which Docker reads as one line of CSV.
final class MountFlagCsv {
    private MountFlagCsv() {}

    static String of(String... fields) {
        return Arrays.stream(fields).map(MountFlagCsv::field).collect(Collectors.joining(","));
    }

    private static String field(String field) {
        return field.indexOf(',') < 0 && field.indexOf('"') < 0
                ? field
                : '"' + field.replace("\"", "\"\"") + '"';
    }
}
