package io.github.writeprobe.docker.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.writeprobe.docker.transport.ContainerReferenceValidator;
import io.github.writeprobe.docker.transport.DockerErrorMessages;
import io.github.writeprobe.docker.transport.EngineCallExecutor;
import io.github.writeprobe.docker.transport.EngineResponse;
import io.github.writeprobe.engine.Engine.Inspected;
import io.github.writeprobe.engine.EngineUnavailable;
import io.github.writeprobe.recommend.observe.ProposalTarget;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads what a container and its image declare, and which user it runs as.
public final class ProposalTargetReader {
    private static final int MISSING = 404;
    private static final int MAX_ID_DIGITS = 10;

    private record ContainerUser(Optional<Long> uid, Optional<Long> gid) {
        static final ContainerUser UNKNOWN = new ContainerUser(Optional.empty(), Optional.empty());
    }

    private ProposalTargetReader() {}

    /// Reads the subject. Call it on a thread of [EngineCallExecutor].
    ///
    /// @param inspection the container's inspect
    public static ProposalTarget read(EngineCallExecutor calls, ContainerInspectResponse inspection)
            throws IOException, EngineUnavailable {
        JsonNode json = inspection.json();
        Inspected inspected =
                DockerContainerParser.parseInspected(
                                inspection, calls.api().endpoint().host(), Optional.empty())
                        .orElseThrow(() ->
                                new EngineUnavailable(
                                        DockerErrorMessages.notAnEngine(
                                                calls.api().endpoint(),
                                                ContainerInspectResponse.callName("ID"))));
        ContainerUser runningUser =
                inspected.running() ? runningUser(calls, json) : ContainerUser.UNKNOWN;
        ContainerUser user = runningUser.uid().isPresent() ? runningUser : declaredUser(json);
        return subject(inspected, json, image(calls, json), user.uid(), user.gid());
    }

    static ProposalTarget subject(
            Inspected inspected,
            JsonNode json,
            JsonNode image,
            Optional<Long> uid,
            Optional<Long> gid) {
        JsonNode config = json.path("Config");
        return new ProposalTarget(
                inspected.container(),
                environment(config.path("Env")),
                Stream.concat(strings(config.path("Entrypoint")), strings(config.path("Cmd")))
                        .toList(),
                volumePaths(image.path("Config").path("Volumes")),
                config.path("WorkingDir").asText(""),
                hasHealthCheck(config.path("Healthcheck")),
                labels(image.path("Config").path("Labels")),
                uid,
                gid,
                new ProposalTarget.State(
                        inspected.restarts().isPresent(),
                        time(json.path("Created").asText("")),
                        Set.of(),
                        List.of(),
                        Set.of()));
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /// The image that the container was created from, even if another image has its name now;
    /// missing if it was removed.
    private static JsonNode image(EngineCallExecutor calls, JsonNode json)
            throws IOException, EngineUnavailable {
        String id = json.path("Image").asText("").replaceFirst("^sha256:", "");
        if (!ContainerReferenceValidator.isValid(id)) {
            return json.path("no image");
        }
        EngineResponse answer = calls.api().get("/images/" + id + "/json");
        return answer.status() == MISSING
                ? json.path("no image")
                : calls.requireJson("GET /images/ID/json", answer);
    }

    /// The user of the first process, from the engine's `ps`. Unknown if the container has a user
    /// namespace, or if the output cannot be parsed.
    private static ContainerUser runningUser(EngineCallExecutor calls, JsonNode json)
            throws IOException, EngineUnavailable {
        String id = json.path("Id").asText("");
        EngineResponse processes =
                calls.api().get("/containers/" + id + "/top?ps_args=-eo%20pid%2Cuid%2Cgid");
        if (!processes.isOk()) {
            return ContainerUser.UNKNOWN;
        }
        ContainerUser user =
                userOfProcess(processes.json(), json.path("State").path("Pid").asLong(0));
        if (user.uid().isEmpty()) {
            return user;
        }
        EngineResponse info = calls.api().get("/info");
        return info.isOk() && hasNoUserNamespaces(info.json()) ? user : ContainerUser.UNKNOWN;
    }

    /// @param top the answer to `GET /containers/ID/top`
    /// @param pid of the container's first process, in the engine's PID namespace
    private static ContainerUser userOfProcess(JsonNode top, long pid) {
        List<String> titles = strings(top.path("Titles")).toList();
        int pidColumn = titles.indexOf("PID");
        int uidColumn = titles.indexOf("UID");
        int gidColumn = titles.indexOf("GID");
        if (pidColumn < 0 || uidColumn < 0 || gidColumn < 0 || !top.path("Processes").isArray()) {
            return ContainerUser.UNKNOWN;
        }
        for (JsonNode process : top.path("Processes")) {
            List<String> values = strings(process).toList();
            if (values.size() == titles.size()
                    && number(values.get(pidColumn)).equals(knownPid(pid))) {
                return new ContainerUser(
                        number(values.get(uidColumn)), number(values.get(gidColumn)));
            }
        }
        return ContainerUser.UNKNOWN;
    }

    private static Optional<Long> knownPid(long pid) {
        return pid > 0 ? Optional.of(pid) : Optional.of(-1L);
    }

    /// Whether the engine's containers have no user namespaces.
    private static boolean hasNoUserNamespaces(JsonNode info) {
        return strings(info.path("SecurityOptions"))
                .noneMatch(option ->
                        option.contains("name=userns") || option.contains("name=rootless"));
    }

    /// The declared user, if it is a number other than 0. A service that starts as root may switch
    /// to another user, and a name is defined only in the image.
    private static ContainerUser declaredUser(JsonNode json) {
        String[] user = json.path("Config").path("User").asText("").split(":", 2);
        Optional<Long> uid = number(user[0]).filter(id -> id > 0);
        return uid.isEmpty()
                ? ContainerUser.UNKNOWN
                : new ContainerUser(uid, user.length > 1 ? number(user[1]) : Optional.empty());
    }

    private static Optional<Long> number(String digits) {
        boolean number =
                !digits.isEmpty()
                        && digits.length() <= MAX_ID_DIGITS
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    private static Map<String, String> environment(JsonNode variables) {
        Map<String, String> environment = new LinkedHashMap<>();
        strings(variables)
                .forEach(variable -> {
                    int equals = variable.indexOf('=');
                    environment.put(
                            equals < 0 ? variable : variable.substring(0, equals),
                            equals < 0 ? "" : variable.substring(equals + 1));
                });
        return environment;
    }

    private static Set<String> volumePaths(JsonNode volumes) {
        Set<String> paths = new LinkedHashSet<>();
        volumes.properties().forEach(volume -> paths.add(AbsolutePaths.normalize(volume.getKey())));
        paths.remove("/");
        return paths;
    }

    private static boolean hasHealthCheck(JsonNode check) {
        List<String> test = strings(check.path("Test")).toList();
        return !test.isEmpty() && !test.getFirst().equals("NONE");
    }

    private static Map<String, String> labels(JsonNode labels) {
        Map<String, String> result = new LinkedHashMap<>();
        labels.properties()
                .forEach(label -> result.put(label.getKey(), label.getValue().asText("")));
        return result;
    }

    private static Stream<String> strings(JsonNode array) {
        return array.isArray()
                ? array.valueStream().filter(JsonNode::isTextual).map(JsonNode::asText)
                : Stream.empty();
    }
}
