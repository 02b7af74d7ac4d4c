package io.github.writeprobe.it;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The image that is tested instead of the program, if `WRITEPROBE_TEST_IMAGE` is set, as by
/// `bin/image --test`.
final class TestedImage {
    static final String VARIABLE = "WRITEPROBE_TEST_IMAGE";

    private TestedImage() {}

    static String name() {
        return Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
    }

    /// The socket of the engine that the tests use.
    static Path socket() {
        String host = Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("");
        return Path.of(host.startsWith("unix://") ? host.substring(7) : "/var/run/docker.sock");
    }

    /// Runs it as the profile procfs of `config/compose.yml` does, but so that the tests can reach
    /// it and it can read their files. Empty if no image is tested.
    static List<String> command() {
        if (name().isEmpty()) {
            return List.of();
        }
        List<String> command = new ArrayList<>();
        command.addAll(List.of("docker", "--host", "unix://" + socket(), "run", "--rm"));
        command.addAll(List.of("--read-only", "--cap-drop", "ALL"));
        for (String capability : List.of("SYS_PTRACE", "DAC_OVERRIDE", "SETUID", "SETGID")) {
            command.addAll(List.of("--cap-add", capability));
        }
        command.addAll(List.of("--user", "0:0", "--pid", "host", "--network", "host"));
        command.addAll(List.of("--security-opt", "no-new-privileges", "--memory", "448m"));
        command.addAll(List.of("--pids-limit", "128", "--no-healthcheck"));
        for (String variable : List.of("DOCKER_HOST", "DOCKER_CONTEXT", "NO_COLOR")) {
            command.addAll(List.of("--env", variable));
        }
        for (String shared : List.of("/tmp", "/var/tmp", socket().toString())) {
            command.addAll(List.of("--volume", shared + ":" + shared));
        }
        command.add(name());
        return command;
    }
}
