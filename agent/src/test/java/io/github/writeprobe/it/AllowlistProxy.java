package io.github.writeprobe.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// A proxy for an engine's socket. It forwards some calls and answers 403 to all others, and to
/// requests for a privileged exec or container.
final class AllowlistProxy implements AutoCloseable {
    private static final byte[] REFUSAL =
            """
            HTTP/1.1 403 Forbidden\r
            Content-Type: application/json\r
            Content-Length: 37\r
            Connection: close\r
            \r
            {"message":"the proxy forbids that."}
            """
                    .strip()
                    .getBytes(UTF_8);

    private static final Pattern PRIVILEGED = Pattern.compile("\"Privileged\"\\s*:\\s*true");

    /// @param caller what makes the call: `any`, `agent`, `exec`, `sidecar` or `recommend`
    /// @param path with `ID` in place of an id or a name
    record Call(String caller, String method, String path) {
        /// All of `config/engine-calls.txt`.
        static List<Call> all() {
            try (var lines = Files.lines(Path.of("../config/engine-calls.txt"))) {
                return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(line -> line.split(" +"))
                        .map(fields -> new Call(fields[0], fields[1], fields[2]))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean matches(String line) {
            String id = path.replace("ID", "[A-Za-z0-9][A-Za-z0-9_.-]*");
            return Pattern.matches(
                    method + " (/v1[.][0-9]+)?" + id + "([?][^ ]*)? HTTP/1[.]1", line);
        }
    }

    private final Path socket;
    private final Path engine;
    private final Collection<Call> allowed;
    private final ServerSocketChannel server;
    private final Set<Call> forwarded = ConcurrentHashMap.newKeySet();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    AllowlistProxy(Path socket, Path engine, Collection<Call> allowed) throws IOException {
        this.socket = socket;
        this.engine = engine;
        this.allowed = List.copyOf(allowed);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    String host() {
        return "unix://" + socket;
    }

    /// The calls that were forwarded so far.
    Set<Call> forwarded() {
        return Set.copyOf(forwarded);
    }

    /// The request lines that were refused.
    List<String> refused() {
        return List.copyOf(refused);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                Thread.ofVirtual().start(() -> requests(client, upstream));
                Thread.ofVirtual().start(() -> answers(upstream, client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void requests(SocketChannel client, SocketChannel upstream) {
        try (client;
                upstream) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(client));
            OutputStream out = Channels.newOutputStream(upstream);
            while (true) {
                String head = head(in);
                String line = head.substring(0, head.indexOf("\r\n"));
                List<Call> calls = allowed.stream().filter(call -> call.matches(line)).toList();
                if (calls.isEmpty()) {
                    refused.add(line);
                    Channels.newOutputStream(client).write(REFUSAL);
                    return;
                }
                String headers = head.toLowerCase(Locale.ROOT);
                byte[] body = body(headers, in);
                if (PRIVILEGED.matcher(new String(body, UTF_8)).find()) {
                    refused.add(line + ", privileged");
                    Channels.newOutputStream(client).write(REFUSAL);
                    return;
                }
                forwarded.addAll(calls);
                out.write(head.getBytes(ISO_8859_1));
                out.write(body);
                if (headers.contains("\r\nupgrade:")) {
                    in.transferTo(out);
                    return;
                }
            }
        } catch (IOException gone) {
            // One side closed its connection, so the other connection is closed too.
        }
    }

    private static void answers(SocketChannel upstream, SocketChannel client) {
        try {
            Channels.newInputStream(upstream).transferTo(Channels.newOutputStream(client));
            client.close();
        } catch (IOException gone) {
            // As above.
        }
    }

    /// The body as received, including chunk sizes.
    private static byte[] body(String headers, InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = headers.indexOf("\r\ncontent-length:");
        if (at >= 0) {
            int from = at + "\r\ncontent-length:".length();
            String length = headers.substring(from, headers.indexOf("\r\n", from)).strip();
            body.write(in.readNBytes(Integer.parseInt(length)));
        } else if (headers.contains("\r\ntransfer-encoding: chunked\r\n")) {
            int length;
            do {
                String size = line(in);
                length = Integer.parseInt(size, 16);
                body.write((size + "\r\n").getBytes(ISO_8859_1));
                body.write(in.readNBytes(length));
                body.write((line(in) + "\r\n").getBytes(ISO_8859_1));
            } while (length > 0);
        }
        return body.toByteArray();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        String line;
        do {
            line = line(in);
            head.append(line).append("\r\n");
        } while (!line.isEmpty());
        return head.toString();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b != '\n') {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
            b = in.read();
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }
}
