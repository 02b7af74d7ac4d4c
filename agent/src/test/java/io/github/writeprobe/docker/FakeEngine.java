package io.github.writeprobe.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// An engine with scripted behaviour, on a Unix socket or TCP. It needs only a JDK: `java
/// FakeEngine.java SOCKET [CONTAINERS]` serves idle, read-only containers.
///
/// A container is identified by its number: the first ones run from the beginning, and
/// [#start(int)] creates others. Each change of a container causes an event, as with a real engine.
public final class FakeEngine implements AutoCloseable {
    /// The requests of the API's client.
    public enum Call {
        VERSION,
        EVENTS,
        LIST,
        INSPECT,
        EXEC_CREATE,
        EXEC_START,
        EXEC_INSPECT,
        UNKNOWN
    }

    /// How to answer a request.
    public enum Behaviour {
        NORMAL,
        HANG_BEFORE_HEADERS,
        HANG_AFTER_HEADERS,
        HANG_MID_STREAM,
        /// One byte every 20 ms.
        SLOW,
        /// Bytes that are not HTTP.
        GARBAGE,
        /// HTTP, but a web page.
        HTML,
        SERVER_ERROR,
        FORBIDDEN,
        /// Output, or a body, that does not end.
        ENDLESS,
        /// One frame with a declared length of 4 GiB, and little content.
        ABSURD_FRAME,
        /// Output that is not framed.
        UNFRAMED,
        /// Output in which the engine reports an error.
        ERROR_FRAME,
        /// Output that stops inside a frame.
        TORN,
        /// No output.
        SILENT,
        /// The connection is closed without an answer.
        DROP,
        TOO_NEW,
        TOO_OLD
    }

    /// An answer that the test provides.
    record Scripted(int status, String body) {}

    /// @param status as in an inspect: `running`, `paused` or `exited`
    private record Container(int number, String status, String startedAt) {
        Container withStatus(String newStatus) {
            return new Container(number, newStatus, startedAt);
        }
    }

    private record Exec(int container, String body) {}

    /// An event, and the engine's line about it.
    private record RecordedEvent(long nanos, String line) {}

    /// One client's event stream: its chunks; an empty chunk ends it.
    private record Follower(BlockingQueue<byte[]> chunks) {}

    private interface Connection extends Closeable {
        InputStream in() throws IOException;

        OutputStream out() throws IOException;
    }

    private interface Listener extends Closeable {
        Connection accept() throws IOException;
    }

    private static final int TLS_HANDSHAKE = 22;
    private static final byte[] END = {};

    private final Listener listener;
    private final Map<Call, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<Call, Scripted> scripts = new ConcurrentHashMap<>();
    private final Map<String, Exec> execs = new ConcurrentHashMap<>();
    private final Map<String, Long> runningUntil = new ConcurrentHashMap<>();
    private final Map<Integer, Container> containers = new ConcurrentSkipListMap<>();
    private final Map<Integer, Duration> delays = new ConcurrentHashMap<>();
    private final Map<Call, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> targets = new ConcurrentHashMap<>();
    private final List<RecordedEvent> recordedEvents = new ArrayList<>();
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Set<Connection> openConnections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger counter = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private volatile boolean hanging;
    private volatile boolean mute;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean recordsRequests = true;
    private volatile String apiVersion = "1.41";
    private volatile String minApiVersion = "1.12";

    private int port;

    private FakeEngine(Listener listener, int containers) {
        this.listener = listener;
        for (int i = 0; i < containers; i++) {
            this.containers.put(i, new Container(i, "running", nextStartTime()));
        }
        Thread.ofVirtual().name("fake-engine").start(this::serve);
    }

    /// @param containers the number of running containers, from number 0 on
    public static FakeEngine onUnix(Path socket, int containers) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 128);
        return new FakeEngine(
                new Listener() {
                    @Override
                    public Connection accept() throws IOException {
                        return unix(server.accept());
                    }

                    @Override
                    public void close() throws IOException {
                        server.close();
                        Files.deleteIfExists(socket);
                    }
                },
                containers);
    }

    /// @param server may be one for TLS
    public static FakeEngine onTcp(ServerSocket server, int containers) {
        FakeEngine engine =
                new FakeEngine(
                        new Listener() {
                            @Override
                            public Connection accept() throws IOException {
                                return tcp(server.accept());
                            }

                            @Override
                            public void close() throws IOException {
                                server.close();
                            }
                        },
                        containers);
        engine.port = server.getLocalPort();
        return engine;
    }

    /// The port of an engine on TCP.
    public int port() {
        return port;
    }

    private static Connection unix(SocketChannel channel) {
        return new Connection() {
            @Override
            public InputStream in() {
                return Channels.newInputStream(channel);
            }

            @Override
            public OutputStream out() {
                return Channels.newOutputStream(channel);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private static Connection tcp(Socket socket) {
        return new Connection() {
            @Override
            public InputStream in() throws IOException {
                return socket.getInputStream();
            }

            @Override
            public OutputStream out() throws IOException {
                return socket.getOutputStream();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }

    public FakeEngine on(Call call, Behaviour behaviour) {
        behaviours.put(call, behaviour);
        return this;
    }

    public FakeEngine reply(Call call, int status, String body) {
        scripts.put(call, new Scripted(status, body));
        return this;
    }

    FakeEngine supportVersions(String oldest, String newest) {
        minApiVersion = oldest;
        apiVersion = newest;
        return this;
    }

    /// The method and target of every request, in order.
    public List<String> requests() {
        return requests;
    }

    /// The number of requests of a kind since the beginning, or since [#forgetRequests()].
    public int count(Call call) {
        return counts.getOrDefault(call, new AtomicInteger()).get();
    }

    /// The number of requests by method and path, without the API version and the query: `GET
    /// /containers/json`.
    public Map<String, Integer> counts() {
        return targets.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                e -> e.getValue().get(),
                                (a, b) -> a,
                                TreeMap::new));
    }

    public void forgetRequests() {
        requests.clear();
        counts.clear();
        targets.clear();
    }

    public int connections() {
        return openConnections.size();
    }

    /// The number of clients that are subscribed to the events.
    public int followers() {
        return followers.size();
    }

    /// Closes every connection, as the restart of an engine does.
    public void hangUp() {
        openConnections.forEach(FakeEngine::closeQuietly);
    }

    /// Whether requests are accepted but never answered. Open event streams are silent, and their
    /// events are delivered when it no longer hangs. Requests that hung never get an answer.
    public void hang(boolean enabled) {
        hanging = enabled;
    }

    /// Whether changes cause no events, as with an engine that lost some.
    public void mute(boolean enabled) {
        mute = enabled;
    }

    /// Ends every event stream, as an engine does when it is stopped.
    public void endEventStreams() {
        followers.forEach(follower -> follower.chunks().add(END));
    }

    /// Starts a container: a new one, a stopped one, or a running one, as a restart with only one
    /// event.
    public void start(int container) {
        containers.put(container, new Container(container, "running", nextStartTime()));
        emitEvent("start", container);
    }

    /// A container's processes end, and the container stays.
    public void stop(int container) {
        change(container, "exited", "die");
    }

    public void pause(int container) {
        change(container, "paused", "pause");
    }

    public void unpause(int container) {
        change(container, "running", "unpause");
    }

    /// Removes a container.
    public void remove(int container) {
        containers.remove(container);
        emitEvent("destroy", container);
    }

    private void change(int container, String status, String action) {
        containers.computeIfPresent(container, (n, current) -> current.withStatus(status));
        emitEvent(action, container);
    }

    /// Sends an event about a container that changes nothing: `rename`, `update`, `exec_start: sh`,
    /// or one that no engine sends.
    public void emitEvent(String action, int container) {
        long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
        // API 1.52 has removed them.
        String deprecated =
                Integer.parseInt(apiVersion.replaceFirst(".*\\.", "")) >= 52
                        ? ""
                        : "\"status\":\"%s\",\"id\":\"%s\",\"from\":\"idle:1\","
                                .formatted(action, id(container));
        String line =
                """
                {%s"Type":"container","Action":"%s",\
                "Actor":{"ID":"%s","Attributes":{"image":"idle:1","name":"idle-%d"}},\
                "scope":"local","time":%d,"timeNano":%d}
                """
                        .formatted(
                                deprecated,
                                action,
                                id(container),
                                container,
                                nanos / 1_000_000_000,
                                nanos);
        synchronized (recordedEvents) {
            if (!mute) {
                recordedEvents.add(new RecordedEvent(nanos, line));
                emit(line);
            }
        }
    }

    /// Sends exactly these bytes to every subscriber, as one chunk. They are not resent later.
    public void emit(byte[] bytes) {
        if (bytes.length > 0) {
            followers.forEach(follower -> follower.chunks().add(bytes));
        }
    }

    public void emit(String text) {
        emit(text.getBytes(UTF_8));
    }

    /// The time that every exec takes before it prints anything.
    public void execDelay(Duration each) {
        delay = each;
    }

    /// The time that the execs in one container take. They continue when the client closes the
    /// connection, as with a real engine.
    public void execDelay(int container, Duration each) {
        delays.put(container, each);
    }

    public static String id(int container) {
        return "%012x%052x".formatted(0xc0ffee_0000L + container, container);
    }

    public static String name(int container) {
        return "idle-" + container;
    }

    private String nextStartTime() {
        return "2026-01-01T00:00:00.%09dZ".formatted(counter.incrementAndGet());
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(listener);
        hangUp();
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // It does not exist, as intended.
            return;
        }
    }

    private void serve() {
        while (!closed) {
            try {
                Connection connection = listener.accept();
                openConnections.add(connection);
                Thread.ofVirtual().name("fake-connection").start(() -> serveConnection(connection));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serveConnection(Connection connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.in());
            OutputStream out = connection.out();
            boolean more = true;
            while (more) {
                in.mark(1);
                if (in.read() == TLS_HANDSHAKE) {
                    json(out, 400, "Bad Request");
                    return;
                }
                in.reset();
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                String body = new String(in.readNBytes(length(head)), UTF_8);
                String line = head.lines().findFirst().orElse("");
                if (recordsRequests) {
                    recordRequest(line.substring(0, Math.max(0, line.lastIndexOf(' '))));
                }
                if (hanging) {
                    awaitDisconnect(in);
                    return;
                }
                more = answer(line, body, in, out);
            }
        } catch (IOException e) {
            // The client closed the connection, or rejected our certificate.
            return;
        } finally {
            openConnections.remove(connection);
        }
    }

    private void recordRequest(String target) {
        requests.add(target);
        String[] requestParts = target.split(" ", 2);
        String path = path(requestParts[requestParts.length - 1]);
        targets.computeIfAbsent(requestParts[0] + " " + path, t -> new AtomicInteger())
                .incrementAndGet();
        counts.computeIfAbsent(call(requestParts[0], path), c -> new AtomicInteger())
                .incrementAndGet();
    }

    private static String path(String target) {
        return target.replaceFirst("\\?.*", "").replaceFirst("^/v[0-9.]+", "");
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.write(b);
            last = last << 8 | b;
        }
        return head.toString(UTF_8);
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    private static Call call(String method, String target) {
        String path = path(target);
        if (method.equals("POST")) {
            return path.endsWith("/exec")
                    ? Call.EXEC_CREATE
                    : path.endsWith("/start") ? Call.EXEC_START : Call.UNKNOWN;
        }
        return switch (path) {
            case "/version" -> Call.VERSION;
            case "/events" -> Call.EVENTS;
            case "/containers/json" -> Call.LIST;
            default ->
                    path.startsWith("/containers/") && path.endsWith("/json")
                            ? Call.INSPECT
                            : path.startsWith("/exec/") ? Call.EXEC_INSPECT : Call.UNKNOWN;
        };
    }

    /// Whether the connection may be used again.
    private boolean answer(String line, String body, InputStream in, OutputStream out)
            throws IOException {
        String[] requestParts = line.split(" ", 3);
        Call call = call(requestParts[0], requestParts[1]);
        Behaviour behaviour = behaviours.getOrDefault(call, Behaviour.NORMAL);
        Scripted script = scripts.get(call);
        if (script != null) {
            json(out, script.status(), script.body());
            return true;
        }
        if (requestParts[0].equals("HEAD")) {
            json(out, 404, "");
            return true;
        }
        boolean start = call == Call.EXEC_START;
        switch (behaviour) {
            case NORMAL -> {
                if (start) {
                    hijack(requestParts[1], out);
                    return false;
                }
                if (call == Call.EVENTS) {
                    stream(requestParts[1], in, out);
                    return false;
                }
                answerNormally(call, requestParts[1], body, out);
                return true;
            }
            case HANG_BEFORE_HEADERS -> awaitDisconnect(in);
            case HANG_AFTER_HEADERS -> {
                print(out, start ? UPGRADED : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
                awaitDisconnect(in);
            }
            case HANG_MID_STREAM -> {
                print(
                        out,
                        start
                                ? UPGRADED + frame("START\n")
                                : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":");
                awaitDisconnect(in);
            }
            case SLOW ->
                    writeSlowly(
                            out,
                            start ? UPGRADED : "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
            case GARBAGE -> print(out, "\u0001\u0015garbage \u001b[31m\r\n\r\nmore\r\n\r\n");
            case HTML -> {
                json(out, 200, "<html><body>It works!</body></html>");
                return true;
            }
            case SERVER_ERROR -> {
                json(out, 500, "{\"message\":\"out of \\u001b[31mluck\\nagain\"}");
                return true;
            }
            case FORBIDDEN -> {
                json(out, 403, "<html><body>403 Forbidden</body></html>");
                return true;
            }
            case ENDLESS -> writeEndlessly(start, out);
            case ABSURD_FRAME -> {
                print(out, UPGRADED);
                out.write(new byte[] {1, 0, 0, 0, -1, -1, -1, -1, 'h', 'i'});
                out.flush();
            }
            case UNFRAMED -> print(out, UPGRADED + "this is a terminal's output, in no frames");
            case ERROR_FRAME ->
                    print(out, UPGRADED + frame("no such luck").replace('\u0001', '\u0003'));
            case TORN -> print(out, UPGRADED + frame("a long line\n").substring(0, 12));
            case SILENT -> print(out, UPGRADED);
            case DROP -> {
                return false;
            }
            case TOO_NEW ->
                    json(
                            out,
                            400,
                            "{\"message\":\"client version 1.52 is too new. Maximum supported API version is 1.41\"}");
            case TOO_OLD ->
                    json(
                            out,
                            400,
                            "{\"message\":\"client version 1.41 is too old. Minimum supported API version is 1.44\"}");
        }
        return false;
    }

    private static final String UPGRADED =
            "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    private void answerNormally(Call call, String path, String body, OutputStream out)
            throws IOException {
        switch (call) {
            case VERSION ->
                    json(
                            out,
                            200,
                            "{\"Version\":\"20.10.24\",\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}"
                                    .formatted(apiVersion, minApiVersion));
            case LIST ->
                    json(
                            out,
                            200,
                            containers.values().stream()
                                    .filter(c -> !c.status().equals("exited"))
                                    .map(FakeEngine::listed)
                                    .collect(Collectors.joining(",", "[", "]")));
            case INSPECT -> {
                Optional<Container> container = find(path);
                if (container.isEmpty()) {
                    json(out, 404, "{\"message\":\"No such container\"}");
                } else {
                    json(out, 200, inspected(container.get()));
                }
            }
            case EXEC_CREATE -> {
                Optional<Container> container = find(path);
                String status = container.map(Container::status).orElse("");
                switch (status) {
                    case "" -> json(out, 404, "{\"message\":\"No such container\"}");
                    case "running" -> {
                        String exec = "%064x".formatted(counter.incrementAndGet());
                        execs.put(exec, new Exec(container.orElseThrow().number(), body));
                        json(out, 201, "{\"Id\":\"" + exec + "\"}");
                    }
                    case "paused" ->
                            json(out, 409, "{\"message\":\"Container is paused, unpause it\"}");
                    default -> json(out, 409, "{\"message\":\"Container is not running\"}");
                }
            }
            case EXEC_INSPECT -> {
                String exec = path.replaceFirst(".*/exec/", "").replaceFirst("/json.*", "");
                Long until = runningUntil.get(exec);
                boolean runs = until != null && System.nanoTime() - until < 0;
                json(out, 200, "{\"Running\":%s,\"ExitCode\":0,\"Pid\":1}".formatted(runs));
            }
            case EVENTS, EXEC_START, UNKNOWN -> json(out, 404, "{\"message\":\"page not found\"}");
        }
    }

    private Optional<Container> find(String path) {
        String reference =
                path.replaceFirst(".*/containers/", "").replaceFirst("/(json|exec).*", "");
        return containers.values().stream()
                .filter(c -> id(c.number()).equals(reference) || name(c.number()).equals(reference))
                .findFirst();
    }

    private static String listed(Container container) {
        return """
        {"Id":"%s","Names":["/idle-%d"],"Image":"idle:1","State":"%s","Mounts":[
        {"Type":"volume","Name":"data-%d","Source":"","Destination":"/data","RW":true}]}\
        """
                .formatted(
                        id(container.number()),
                        container.number(),
                        container.status(),
                        container.number());
    }

    private static String inspected(Container container) {
        int number = container.number();
        return """
        {"Id":"%s","Name":"/idle-%d",
        "State":{"Status":"%s","Running":%s,"Paused":%s,"StartedAt":"%s"},
        "HostConfig":{"ReadonlyRootfs":true,"Privileged":false,"CapAdd":null,"CapDrop":null,
        "Tmpfs":{"/tmp":"size=1m"},"Init":null},
        "Mounts":[{"Type":"volume","Name":"data-%d","Source":"/var/lib/docker/volumes/data-%d/_data",
        "Destination":"/data","RW":true,"Propagation":""}],
        "Config":{"Image":"idle:1","User":"","Labels":{}}}\
        """
                .formatted(
                        id(number),
                        number,
                        container.status(),
                        !container.status().equals("exited"),
                        container.status().equals("paused"),
                        container.startedAt(),
                        number,
                        number);
    }

    /// Sends the headers at once, then the events, until one side closes the connection. Of the
    /// query only `since` is used: engines send more than was requested.
    private void stream(String target, InputStream in, OutputStream out) throws IOException {
        Follower follower = new Follower(new LinkedBlockingQueue<>());
        print(
                out,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        synchronized (recordedEvents) {
            since(target)
                    .ifPresent(since ->
                            recordedEvents.stream()
                                    .filter(s -> s.nanos() >= since)
                                    .forEach(s -> follower.chunks().add(s.line().getBytes(UTF_8))));
            followers.add(follower);
        }
        Thread.ofVirtual().name("fake-hangup").start(() -> endOnDisconnect(in, follower));
        try {
            byte[] chunk = follower.chunks().take();
            while (chunk.length > 0) {
                while (hanging) {
                    Thread.sleep(10);
                }
                print(out, Integer.toHexString(chunk.length) + "\r\n");
                out.write(chunk);
                print(out, "\r\n");
                chunk = follower.chunks().take();
            }
            print(out, "0\r\n\r\n");
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            followers.remove(follower);
        }
    }

    private static void endOnDisconnect(InputStream in, Follower follower) {
        try {
            awaitDisconnect(in);
        } catch (IOException e) {
            // The client is gone in any case.
            follower.chunks().clear();
        }
        follower.chunks().add(END);
    }

    /// The parameter `since` in nanoseconds.
    private static Optional<Long> since(String target) {
        return Arrays.stream(target.replaceFirst("[^?]*\\??", "").split("&", -1))
                .filter(parameter -> parameter.startsWith("since="))
                .map(parameter -> new BigDecimal(parameter.substring(6)))
                .map(seconds -> seconds.movePointRight(9).longValue())
                .findFirst();
    }

    private void hijack(String path, OutputStream out) throws IOException {
        String exec = path.replaceFirst(".*/exec/", "").replaceFirst("/start.*", "");
        Exec created = execs.remove(exec);
        if (created == null) {
            json(out, 404, "{\"message\":\"No such exec instance\"}");
            return;
        }
        print(out, UPGRADED);
        Duration duration = delays.getOrDefault(created.container(), delay);
        if (duration.isPositive()) {
            runningUntil.put(exec, System.nanoTime() + duration.toNanos());
            try {
                Thread.sleep(duration);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        print(out, frame(transcript(strings(created.body(), "Cmd"))));
    }

    /// The output of the probe script in a container with a read-only root filesystem.
    public static String transcript(List<String> command) {
        int name = command.indexOf("writeprobe");
        if (name < 0) {
            return String.join(" ", command) + "\n";
        }
        long nonce = Long.parseLong(command.get(name + 1));
        String tag = nonce * 2 + 1 + " ";
        List<String> paths = new ArrayList<>(command.subList(name + 2, command.size()));
        for (String mount : List.of("/", "/data", "/tmp")) {
            if (!paths.contains(mount)) {
                paths.add(mount);
            }
        }
        StringBuilder text = new StringBuilder();
        text.append(tag).append("START\n").append(tag).append("UID 0\n").append(tag);
        text.append(
                """
                MOUNTS
                100 90 0:50 / / ro,relatime master:1 - overlay overlay ro,lowerdir=/l
                101 100 0:51 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
                104 101 0:51 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
                102 100 254:1 /volumes/data/_data /data rw,relatime master:1 - ext4 /dev/vda1 rw
                103 100 0:53 / /tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,size=1024k
                """);
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            text.append(
                    "%sPATH %d\n%s\n%sLEADS %d\n%s\n%sDIR %d\n"
                            .formatted(tag, i, path, tag, i, path, tag, i));
            boolean writable = path.equals("/data") || path.equals("/tmp");
            text.append(
                    writable
                            ? "%sMADE %d\n%sWROTE %d\n".formatted(tag, i, tag, i)
                            : "writeprobe: line 83: can't create %s/.writeprobe-%d: Read-only file system\n%sFAILED %d\n"
                                    .formatted(path.equals("/") ? "" : path, nonce, tag, i));
        }
        return text.append(tag).append("END\n").toString();
    }

    /// The strings of an array in JSON. This parser is sufficient for the requests of the tests.
    private static List<String> strings(String json, String key) {
        List<String> found = new ArrayList<>();
        int i = json.indexOf("\"" + key + "\":[");
        if (i < 0) {
            return found;
        }
        i = json.indexOf('[', i) + 1;
        while (json.charAt(i) != ']') {
            if (json.charAt(i++) != '"') {
                continue;
            }
            StringBuilder text = new StringBuilder();
            while (json.charAt(i) != '"') {
                char c = json.charAt(i++);
                if (c == '\\') {
                    c = json.charAt(i++);
                    switch (c) {
                        case 'n' -> c = '\n';
                        case 't' -> c = '\t';
                        case 'r' -> c = '\r';
                        case 'u' -> {
                            c = (char) Integer.parseInt(json.substring(i, i + 4), 16);
                            i += 4;
                        }
                        default -> {
                            // The escaped character itself.
                        }
                    }
                }
                text.append(c);
            }
            i++;
            found.add(text.toString());
        }
        return found;
    }

    /// A frame, as text with one byte per character.
    private static String frame(String text) {
        String bytes = new String(text.getBytes(UTF_8), ISO_8859_1);
        int n = bytes.length();
        return "\u0001\0\0\0"
                + (char) (n >>> 24)
                + (char) (n >>> 16 & 255)
                + (char) (n >>> 8 & 255)
                + (char) (n & 255)
                + bytes;
    }

    private static void print(OutputStream out, String latin) throws IOException {
        out.write(latin.getBytes(ISO_8859_1));
        out.flush();
    }

    private static void json(OutputStream out, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        response.writeBytes(
                "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(status, bytes.length)
                        .getBytes(UTF_8));
        response.writeBytes(bytes);
        out.write(response.toByteArray());
        out.flush();
    }

    private static void awaitDisconnect(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    private static void writeSlowly(OutputStream out, String head) throws IOException {
        print(out, head);
        while (true) {
            out.write(1);
            out.flush();
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private static void writeEndlessly(boolean start, OutputStream out) throws IOException {
        print(out, start ? UPGRADED : "HTTP/1.1 200 OK\r\n\r\n");
        String chunk = start ? frame("x".repeat(60_000)) : "[".repeat(60_000);
        while (true) {
            print(out, chunk);
        }
    }

    /// Serves until it is killed, without scripted behaviour: for training runs and measurements.
    public static void main(String... arguments) throws Exception {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: java FakeEngine.java SOCKET [CONTAINERS]");
            System.exit(2);
        }
        int containers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path socket = Path.of(arguments[0]);
        try (FakeEngine engine = onUnix(socket, containers)) {
            engine.recordsRequests = false;
            Runtime.getRuntime().addShutdownHook(new Thread(engine::close));
            System.out.println("unix://" + socket.toAbsolutePath());
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
