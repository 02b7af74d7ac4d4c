package io.github.writeprobe.docker.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Decodes the engine's framed output: a stream type, three zero bytes, a length of four bytes, and
/// that many bytes of output.
///
/// @see <a
///   href="https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach">the
///   API's description</a>
public final class StreamFrames {
    private static final int HEADER = 8;
    private static final int CHUNK = 8192;
    private static final int STDERR = 2;
    private static final int ENGINE_ERROR = 3;

    private StreamFrames() {}

    /// The output exceeds its size limit.
    public static final class Capped extends IOException {
        private static final long serialVersionUID = 1;
    }

    /// The input is not framed output, or the engine reports an error in it.
    public static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1;

        Unreadable(String reason) {
            super(reason);
        }
    }

    /// Standard output and standard error, in the order of arrival.
    ///
    /// @param maxBytes of output, without headers
    public static byte[] read(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        byte[] header = new byte[HEADER];
        byte[] chunk = new byte[CHUNK];
        while (true) {
            int headerBytes = in.readNBytes(header, 0, HEADER);
            if (headerBytes == 0) {
                return output.toByteArray();
            }
            if (headerBytes < HEADER) {
                throw new EOFException("the output ended in the middle of a frame's header");
            }
            int type = header[0];
            if (type < 0 || type > ENGINE_ERROR || (header[1] | header[2] | header[3]) != 0) {
                throw new Unreadable("the output has no valid frame header");
            }
            // The length is untrusted, so it must not determine an allocation.
            long remaining = 0;
            for (int i = 4; i < HEADER; i++) {
                remaining = remaining << 8 | Byte.toUnsignedInt(header[i]);
            }
            if (type > STDERR) {
                byte[] message = in.readNBytes((int) Math.min(remaining, CHUNK));
                throw new Unreadable("the engine reports: " + new String(message, UTF_8));
            }
            while (remaining > 0) {
                int n = in.read(chunk, 0, (int) Math.min(remaining, CHUNK));
                if (n < 0) {
                    throw new EOFException("the output ended in the middle of a frame");
                }
                if (output.size() + n > maxBytes) {
                    throw new Capped();
                }
                output.write(chunk, 0, n);
                remaining -= n;
            }
        }
    }
}
