package io.github.writeprobe.probes.writes;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/// What a lookout saw, from its beginning to its end.
///
/// @param written one for each file, and one of type [FileType#DIRECTORY] for each directory in
///   which there were more. Those that were neither written nor open, with no `times` and not
///   `openForWriting`, were run or mapped to be run, as most of an image's programs are
/// @param watched for how long writes were heard; zero if they were not
public record WriteObservations(
        List<WrittenFile> written, Duration watched, List<ObservationGap> gaps) {
    public WriteObservations {
        written = List.copyOf(written);
        requireNonNull(watched);
        gaps = List.copyOf(gaps);
    }
}
