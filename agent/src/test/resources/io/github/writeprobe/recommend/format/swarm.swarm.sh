# Proposed by writeprobe. sh THIS-FILE [OPTION]..., with other options to change, if any
#
# api, image registry.example/shop/api:2
#   Proposed: a read-only root filesystem, 1 tmpfs, 1 new volume, 4 settings, 1 mount kept
#   It was watched for 10 minutes
#   It was not proved; --prove tests it on a clone
#   To check:
#   - /app/uploads: the current data are in the container's own layer, which is lost when the container is
#     replaced; copy them into the new volume first if you need them
#   - /var/cache/app is mounted writable, but no write was seen in 10 minutes; if it is never written, mount
#     it read-only
#   - Libraries that unpack native code (netty, JNA) need a directory that is not mounted noexec; set it with
#     -Dio.netty.native.workdir and -Djna.tmpdir
#
# The next docker stack deploy of shop reverts this. In the stack file, write read_only: true, and volumes in
# the long syntax; a stack ignores tmpfs: and the mode of a tmpfs
# kept: tmpfs on /var/cache/app
#   watch: existing mount; no write was seen there in 10 minutes
# /tmp: a volume instead of a tmpfs, because something is executed there, and a tmpfs in Swarm is noexec; the
# data need not be kept
# /tmp:
#   watch: java wrote /tmp/native.so, seen 3 times, 2 MiB in all
#   watch: /tmp/native.so was executed, or mapped as executable
#   known: /tmp: buffered uploads of ASP.NET, and shared memory of the runtime (.NET, matched by environment
#          ASPNETCORE_URLS; dotnet/runtime#86259, dotnet/dotnet-docker#295; learn.microsoft.com
#          dotnet/core/runtime-config)
#   diff: 2 MiB in use there; the size leaves room for more
# /app/uploads:
#   diff: /app/uploads/1.png is new or changed since the container was created
#   known: /app/uploads/1.png: uploads
# Each node has its own volumes: constrain the service to one node, or use a volume driver that shares them
# COMPlus_EnableDiagnostics:
#   known: .NET, matched by environment ASPNETCORE_URLS (dotnet/runtime#86259, dotnet/dotnet-docker#295;
#          learn.microsoft.com dotnet/core/runtime-config)
#   cost: as for DOTNET_EnableDiagnostics; this one is for .NET before 6
# DOTNET_CLI_TELEMETRY_OPTOUT:
#   known: .NET, matched by environment ASPNETCORE_URLS (dotnet/runtime#86259, dotnet/dotnet-docker#295;
#          learn.microsoft.com dotnet/core/runtime-config)
# DOTNET_EnableDiagnostics:
#   known: .NET, matched by environment ASPNETCORE_URLS (dotnet/runtime#86259, dotnet/dotnet-docker#295;
#          learn.microsoft.com dotnet/core/runtime-config)
#   cost: dotnet-trace, dotnet-dump, dotnet-counters and debuggers can no longer attach
# JAVA_TOOL_OPTIONS:
#   diff: /tmp/hsperfdata_app/1 is new or changed since the container was created
#   known: JVM, matched by command java (netty/netty#6678; JDK's java man page)
#   cost: jps and jstat no longer see the JVM, and it prints a line about the option when it starts
docker service update \
    --read-only \
    --mount-add type=volume,src=shop_api-tmp,dst=/tmp \
    --mount-add type=volume,src=shop_api-app-uploads,dst=/app/uploads \
    --env-add COMPlus_EnableDiagnostics=0 \
    --env-add DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    --env-add DOTNET_EnableDiagnostics=0 \
    --env-add 'JAVA_TOOL_OPTIONS=-Dprice=$5 -XX:-UsePerfData' \
    "$@" shop_api
