package io.github.writeprobe.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/// Makes the commands that need a [CommandContext]; picocli makes everything else.
public final class CommandFactory implements IFactory {
    private final CommandContext context;

    /// For picocli's generator of the manual.
    public CommandFactory() {
        this(CommandContext.ofProcess());
    }

    CommandFactory(CommandContext context) {
        this.context = context;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (type == AuditCommand.class) {
            return type.cast(new AuditCommand(context));
        } else if (type == ExplainCommand.class) {
            return type.cast(new ExplainCommand(context));
        } else if (type == AgentCommand.class) {
            return type.cast(new AgentCommand(context));
        } else if (type == RecommendCommand.class) {
            return type.cast(new RecommendCommand(context));
        } else if (type == DoctorCommand.class) {
            return type.cast(new DoctorCommand(context));
        } else if (type == ConfigCommand.class) {
            return type.cast(new ConfigCommand(context));
        }
        return CommandLine.defaultFactory().create(type);
    }
}
