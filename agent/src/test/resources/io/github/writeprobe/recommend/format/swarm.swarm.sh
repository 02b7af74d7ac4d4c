# Proposed by writeprobe. sh THIS-FILE [OPTION]..., with what else is to be changed, if anything is
#
# api, image registry.example/shop/api:2
#   Proposed: a read-only root filesystem, 1 tmpfs, 1 new volume, 4 settings, 1 mount kept
#   It was watched for 10 minutes
#   It was not proved; --prove tries it on a clone
#   To look at:
#   - /app/uploads: what is there now is in the container's own layer, and gone with it when it is replaced;
#     copy it into the new volume first, if it matters
#   - /var/cache/app is mounted writable, and was not written in 10 minutes; if that stays so, mount it
#     read-only
#   - Libraries that unpack native code (netty, JNA) need a directory for it that is not mounted noexec;
#     -Dio.netty.native.workdir and -Djna.tmpdir name one
#
# The next docker stack deploy of shop undoes this. In its file, write read_only: true, and volumes in the
# long form; a stack heeds neither tmpfs: nor the mode of a tmpfs
# kept: tmpfs on /var/cache/app
#   watch: it is mounted already; nothing was seen to be written there in 10 minutes
# /tmp: a volume and no tmpfs, since something is run from there, and a swarm's tmpfs is noexec; it keeps what
# need not be kept
# /tmp:
#   watch: java wrote /tmp/native.so, seen 3 times, 2 MiB in all
#   watch: /tmp/native.so was run, or mapped to be run
#   known: /tmp: uploads that ASP.NET buffers, and what the runtime shares (.NET, by its environment
#          ASPNETCORE_URLS; dotnet/runtime#86259, dotnet/dotnet-docker#295; learn.microsoft.com
#          dotnet/core/runtime-config)
#   docker diff: 2 MiB in use there, and the size leaves room for more
# /app/uploads:
#   docker diff: /app/uploads/1.png is new or changed since the container was created
#   known: /app/uploads/1.png: uploads
# Each node has its own volumes: bind the service to one, or use a driver that shares them
# COMPlus_EnableDiagnostics:
#   known: .NET, by its environment ASPNETCORE_URLS (dotnet/runtime#86259, dotnet/dotnet-docker#295;
#          learn.microsoft.com dotnet/core/runtime-config)
#   cost: the same, for .NET before 6
# DOTNET_CLI_TELEMETRY_OPTOUT:
#   known: .NET, by its environment ASPNETCORE_URLS (dotnet/runtime#86259, dotnet/dotnet-docker#295;
#          learn.microsoft.com dotnet/core/runtime-config)
# DOTNET_EnableDiagnostics:
#   known: .NET, by its environment ASPNETCORE_URLS (dotnet/runtime#86259, dotnet/dotnet-docker#295;
#          learn.microsoft.com dotnet/core/runtime-config)
#   cost: dotnet-trace, dotnet-dump, dotnet-counters and debuggers no longer attach
# JAVA_TOOL_OPTIONS:
#   docker diff: /tmp/hsperfdata_app/1 is new or changed since the container was created
#   known: JVM, by its command java (netty/netty#6678; JDK's java man page)
#   cost: jps and jstat no longer see it, and the JVM says at start that it picked the option up
docker service update \
    --read-only \
    --mount-add type=volume,src=shop_api-tmp,dst=/tmp \
    --mount-add type=volume,src=shop_api-app-uploads,dst=/app/uploads \
    --env-add COMPlus_EnableDiagnostics=0 \
    --env-add DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    --env-add DOTNET_EnableDiagnostics=0 \
    --env-add 'JAVA_TOOL_OPTIONS=-Dprice=$5 -XX:-UsePerfData' \
    "$@" shop_api
