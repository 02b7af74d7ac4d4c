package io.github.writeprobe.cri;

import io.github.writeprobe.cri.transport.CriConnection;
import io.github.writeprobe.engine.BadEndpoint;
import io.github.writeprobe.engine.Engine;
import io.github.writeprobe.model.EngineScheme;
import io.github.writeprobe.text.EngineText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;

/// Opens runtimes by their hosts. Nothing is sent before the first call.
public final class CriEngines {
    private CriEngines() {}

    /// @param host `cri:///PATH/TO/SOCKET`
    /// @param callTimeout for each call except execs
    /// @throws BadEndpoint if the host cannot be used
    public static Engine open(String host, Duration callTimeout) throws BadEndpoint {
        try {
            Path socket = Path.of(EngineScheme.CRI.address(host));
            if (socket.isAbsolute()) {
                return new CriEngine(host, new CriConnection(socket, callTimeout));
            }
        } catch (InvalidPathException e) {
            // The message below says what to write.
        }
        throw new BadEndpoint(
                "host \""
                        + EngineText.sanitize(host)
                        + "\" has no absolute path: write cri:///PATH/TO/SOCKET, with three"
                        + " slashes");
    }
}
