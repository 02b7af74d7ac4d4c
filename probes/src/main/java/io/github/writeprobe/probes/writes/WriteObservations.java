package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// What a [WriteObserver] saw, from its start to its end.
///
/// @param written one entry for each file, and one of type [FileType#DIRECTORY] for each directory
///   with further files. An entry with `times` 0 that is not `openForWriting` was only executed or
///   mapped as executable, as most of an image's programs are
/// @param watched for how long writes were reported; zero if they were not
/// @param gaps reasons why some writes may not have been seen
public record WriteObservations(
        List<WrittenFile> written, Duration watched, List<WriteObservationGap> gaps) {
    public WriteObservations {
        written = List.copyOf(written);
        requireNonNull(watched);
        gaps = List.copyOf(gaps);
    }
}
