package io.github.writeprobe.cycle;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import java.util.List;

/// Containers that an engine lists, and of which not even an id can be read. One row of the report
/// stands for all of an engine's, so that nobody takes what is missing for verified.
public final class UnreadableContainers {
    /// Of that row; no container has it.
    public static final String ID = "f".repeat(64);

    private UnreadableContainers() {}

    /// @param number how many there are
    public static List<ContainerReport> reports(String host, int number) {
        return number == 0
                ? List.of()
                : List.of(
                        ContainerReport.unreadable(
                                Container.unreadable(ID, "(not readable)", host),
                                "the engine's list has "
                                        + number
                                        + (number == 1 ? " entry" : " entries")
                                        + " without an id that can be read, so a container is"
                                        + " missing here: see docker ps"));
    }
}
