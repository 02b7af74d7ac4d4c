package io.github.writeprobe.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.cycle.Engine.Inspected;
import io.github.writeprobe.cycle.EngineUnavailable;
import io.github.writeprobe.recommend.Subject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads what a container and its image declare, and asks as whom it runs.
final class SubjectReader {
    private static final int MISSING = 404;
    private static final int LONGEST_ID = 10;

    private record User(Optional<Long> uid, Optional<Long> gid) {
        static final User UNKNOWN = new User(Optional.empty(), Optional.empty());
    }

    private SubjectReader() {}

    /// To be asked for on a thread of [EngineCalls].
    ///
    /// @param seen the container's inspect
    static Subject of(EngineCalls calls, Inspection seen) throws IOException, EngineUnavailable {
        JsonNode json = seen.json();
        Inspected inspected =
                Declarations.inspected(seen, calls.api().endpoint().host(), Optional.empty())
                        .orElseThrow(() ->
                                new EngineUnavailable(
                                        EngineErrors.noEngine(
                                                calls.api().endpoint(), Inspection.what("ID"))));
        User user = inspected.running() ? running(calls, json) : User.UNKNOWN;
        User known = user.uid().isPresent() ? user : declared(json);
        return subject(inspected, json, image(calls, json), known.uid(), known.gid());
    }

    static Subject subject(
            Inspected inspected,
            JsonNode json,
            JsonNode image,
            Optional<Long> uid,
            Optional<Long> gid) {
        JsonNode config = json.path("Config");
        return new Subject(
                inspected.container(),
                environment(config.path("Env")),
                Stream.concat(texts(config.path("Entrypoint")), texts(config.path("Cmd"))).toList(),
                volumes(image.path("Config").path("Volumes")),
                config.path("WorkingDir").asText(""),
                healthCheck(config.path("Healthcheck")),
                labels(image.path("Config").path("Labels")),
                uid,
                gid);
    }

    /// The image that the container was made of, whatever has its name now; missing if it was
    /// removed.
    private static JsonNode image(EngineCalls calls, JsonNode json)
            throws IOException, EngineUnavailable {
        String id = json.path("Image").asText("").replaceFirst("^sha256:", "");
        if (!UrlReferences.plausible(id)) {
            return json.path("no image");
        }
        EngineResponse answer = calls.api().get("/images/" + id + "/json");
        return answer.status() == MISSING
                ? json.path("no image")
                : calls.expect("GET /images/ID/json", answer);
    }

    /// The first process's user by the engine's `ps`; unknown where container and engine do not
    /// count alike, or where the engine has no such words.
    private static User running(EngineCalls calls, JsonNode json)
            throws IOException, EngineUnavailable {
        String id = json.path("Id").asText("");
        EngineResponse processes =
                calls.api().get("/containers/" + id + "/top?ps_args=-eo%20pid%2Cuid%2Cgid");
        if (!processes.ok()) {
            return User.UNKNOWN;
        }
        User user = user(processes.json(), json.path("State").path("Pid").asLong(0));
        if (user.uid().isEmpty()) {
            return user;
        }
        EngineResponse info = calls.api().get("/info");
        return info.ok() && ownUsers(info.json()) ? user : User.UNKNOWN;
    }

    /// @param top the answer to `GET /containers/ID/top`
    /// @param pid of the container's first process, as the engine counts
    private static User user(JsonNode top, long pid) {
        List<String> titles = texts(top.path("Titles")).toList();
        int pids = titles.indexOf("PID");
        int uids = titles.indexOf("UID");
        int gids = titles.indexOf("GID");
        if (pids < 0 || uids < 0 || gids < 0 || !top.path("Processes").isArray()) {
            return User.UNKNOWN;
        }
        for (JsonNode process : top.path("Processes")) {
            List<String> values = texts(process).toList();
            if (values.size() == titles.size() && number(values.get(pids)).equals(known(pid))) {
                return new User(number(values.get(uids)), number(values.get(gids)));
            }
        }
        return User.UNKNOWN;
    }

    private static Optional<Long> known(long pid) {
        return pid > 0 ? Optional.of(pid) : Optional.of(-1L);
    }

    /// Whether the engine's containers have no user namespaces.
    private static boolean ownUsers(JsonNode info) {
        return texts(info.path("SecurityOptions"))
                .noneMatch(option ->
                        option.contains("name=userns") || option.contains("name=rootless"));
    }

    /// A declared number. Root may be the one who starts and then becomes another; a name is known
    /// to the image only.
    static Optional<Long> declaredUid(JsonNode json) {
        return declared(json).uid();
    }

    private static User declared(JsonNode json) {
        String[] user = json.path("Config").path("User").asText("").split(":", 2);
        Optional<Long> uid = number(user[0]).filter(id -> id > 0);
        return uid.isEmpty()
                ? User.UNKNOWN
                : new User(uid, user.length > 1 ? number(user[1]) : Optional.empty());
    }

    private static Optional<Long> number(String digits) {
        boolean number =
                !digits.isEmpty()
                        && digits.length() <= LONGEST_ID
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    private static Map<String, String> environment(JsonNode variables) {
        Map<String, String> environment = new LinkedHashMap<>();
        texts(variables)
                .forEach(variable -> {
                    int equals = variable.indexOf('=');
                    environment.put(
                            equals < 0 ? variable : variable.substring(0, equals),
                            equals < 0 ? "" : variable.substring(equals + 1));
                });
        return environment;
    }

    private static Set<String> volumes(JsonNode volumes) {
        Set<String> paths = new LinkedHashSet<>();
        volumes.properties().forEach(volume -> paths.add(AbsolutePaths.cleaned(volume.getKey())));
        paths.remove("/");
        return paths;
    }

    private static boolean healthCheck(JsonNode check) {
        List<String> test = texts(check.path("Test")).toList();
        return !test.isEmpty() && !test.getFirst().equals("NONE");
    }

    private static Map<String, String> labels(JsonNode labels) {
        Map<String, String> result = new LinkedHashMap<>();
        labels.properties()
                .forEach(label -> result.put(label.getKey(), label.getValue().asText("")));
        return result;
    }

    private static Stream<String> texts(JsonNode array) {
        return array.isArray()
                ? array.valueStream().filter(JsonNode::isTextual).map(JsonNode::asText)
                : Stream.empty();
    }
}
