package io.github.writeprobe.engine;

import io.github.writeprobe.model.Container;
import io.github.writeprobe.model.ContainerReport;
import java.util.List;

/// Containers that an engine lists with an id that cannot be read. One row of the report stands for
/// all of them, so that a missing container is not taken for a verified one.
public final class UnreadableContainerIds {
    /// The id of that row. No container has it.
    public static final String ID = "f".repeat(64);

    private UnreadableContainerIds() {}

    /// @param number of such containers
    public static List<ContainerReport> reports(String host, int number) {
        return number == 0
                ? List.of()
                : List.of(
                        ContainerReport.unreadable(
                                Container.unreadable(ID, "(not readable)", host),
                                "the engine's list has "
                                        + number
                                        + (number == 1 ? " entry" : " entries")
                                        + " without an id that can be read, so the report lacks"
                                        + (number == 1 ? " a container" : " containers")
                                        + ": see docker ps"));
    }
}
