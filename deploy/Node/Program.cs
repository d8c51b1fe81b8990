using Coordination.Node;
using Coordination.Node.Roles;
using Coordination.Node.Tool;

// Without a word it is a node of its own.
return await CommandLine.Run(args, NodeRole.Run,
[
    NodeRole.Command(),
    SiloRole.Command(),
    GatewayRole.Command(),
    ConfigCommands.Command(),
    JournalCommands.Command(),
    AccountCommands.Command(),
    ViewsCommands.Command(),
    ErrorsCommands.Command(),
    OutboxCommands.Command(),
    BackupCommands.Backup(),
    BackupCommands.Restore(),
]);
