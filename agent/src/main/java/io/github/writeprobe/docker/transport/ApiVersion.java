package io.github.writeprobe.docker.transport;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of the Engine API.
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /// The newest version that this code was written for. Later versions may change fields that it
    /// reads.
    public static final ApiVersion NEWEST = new ApiVersion(1, 56);

    /// The version of Docker 19.03.
    public static final ApiVersion OLDEST = new ApiVersion(1, 40);

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    public static Optional<ApiVersion> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        return form.matches()
                ? Optional.of(
                        new ApiVersion(
                                Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
