package io.github.writeprobe.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers `/N` as the agent of the host number N would, for a Prometheus to scrape many hosts
/// where there is one: with what a real agent answered, but for the ids and names of containers,
/// which are each host's own, and what grows with time, which grows here too.
///
/// Arguments: the port, and a file with what the real agent answered.
public final class SyntheticHosts {
    private static final Pattern ID = Pattern.compile("(\\bid=\"[0-9a-f]{4})[0-9a-f]{8}\"");
    private static final Pattern NAME = Pattern.compile("(container=\"[^\"]*)\"");
    private static final Pattern GROWS =
            Pattern.compile(
                    "^(?:writeprobe_container_last_probe_timestamp_seconds|process_cpu_seconds_total"
                            + "|process_resident_memory_bytes|writeprobe_probes_total"
                            + "|writeprobe_(?:probe|cycle)_duration_seconds_(?:bucket|sum|count)"
                            + "|jvm_(?:memory|gc|buffer)[a-z_]*)[ {]");

    private final List<String> lines;
    private final long began = System.nanoTime();

    private SyntheticHosts(List<String> lines) {
        this.lines = lines;
    }

    public static void main(String[] args) throws IOException {
        SyntheticHosts hosts = new SyntheticHosts(Files.readAllLines(Path.of(args[1])));
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
                        100);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", hosts::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int host = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            byte[] body = body(host).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String body(int host) {
        long seconds = (System.nanoTime() - began) / 1_000_000_000L;
        String id = String.format("%08x", host);
        StringBuilder body = new StringBuilder(lines.size() * 200);
        for (String line : lines) {
            String hostLine = ID.matcher(line).replaceFirst("$1" + id + "\"");
            hostLine = NAME.matcher(hostLine).replaceFirst("$1-" + host + "\"");
            Matcher grows = GROWS.matcher(hostLine);
            if (grows.find()) {
                int space = hostLine.lastIndexOf(' ');
                double value = Double.parseDouble(hostLine.substring(space + 1));
                // A verdict a minute, and each host at another second of it.
                long steps = (seconds + host % 60) / 60;
                hostLine = hostLine.substring(0, space + 1) + (value + steps * (1 + host % 7));
            }
            body.append(hostLine).append('\n');
        }
        return body.toString();
    }
}
