package io.github.writeprobe.cri.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.cri.transport.CriMethod;
import io.github.writeprobe.cri.transport.ParsedProtoMessage;
import io.github.writeprobe.cri.transport.ProtoBuilder;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.probes.cache.LruMap;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The names of images. The kubelet starts a container by the digest of its image, so the runtime
/// is asked for the name that people know.
public final class ImageNameLookup {
    private static final Pattern DIGEST = Pattern.compile("(sha256:)?[0-9a-f]{64}");

    private static final int USER_SPECIFIED_IMAGE = 18;

    private static final int IMAGE = 1;
    private static final int REPO_TAGS = 2;
    private static final int REPO_DIGESTS = 3;

    /// More than any node has in use.
    private static final int MAX_CACHED = 1_000;

    private final CriConnection connection;
    private final Map<String, String> cache = new LruMap<>(MAX_CACHED);

    public ImageNameLookup(CriConnection connection) {
        this.connection = requireNonNull(connection);
    }

    /// The image of an `ImageSpec`, preferably as the pod names it.
    static String of(ParsedProtoMessage spec) {
        String specified = spec.text(USER_SPECIFIED_IMAGE);
        return specified.isEmpty() ? spec.text(1) : specified;
    }

    /// The name of an image, if it is a digest and the runtime knows one.
    String resolve(String image) throws InterruptedException, EngineUnavailable {
        if (!DIGEST.matcher(image).matches()) {
            return image;
        }
        synchronized (cache) {
            String known = cache.get(image);
            if (known != null) {
                return known;
            }
        }
        String name = find(image);
        synchronized (cache) {
            cache.put(image, name);
        }
        return name;
    }

    private String find(String image) throws InterruptedException, EngineUnavailable {
        ProtoBuilder request = new ProtoBuilder().message(1, new ProtoBuilder().text(1, image));
        try {
            ParsedProtoMessage found =
                    connection.call(CriMethod.IMAGE_STATUS, request).message(IMAGE);
            return Stream.concat(
                            found.elements(REPO_TAGS).stream(),
                            found.elements(REPO_DIGESTS).stream())
                    .map(name -> new String(name, UTF_8))
                    .findFirst()
                    .orElse(image);
        } catch (IOException e) {
            return image;
        }
    }
}
