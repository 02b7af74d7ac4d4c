# Proposed by writeprobe. sh THIS-FILE NAME [OPTION]... IMAGE [COMMAND]..., with what else is to be changed,
# or for a new service the options, image and command that the container has now
#
# web, image nginx:1.27
#   Proposed: a read-only root filesystem, 3 tmpfs, 1 mount kept
#   It was watched for 10 minutes
#   It was not proved; --prove tries it on a clone
# shop-api-1, image registry.example/shop/api:2
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
# shop-api-2, image registry.example/shop/api:2
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
# db, image postgres:17
#   Proposed: a read-only root filesystem, 2 tmpfs, 1 mount kept
#   It was not watched: what it writes and removes again, and what it writes to mounts, is not known
#   Not available: watch, since it is far away; so something can be missing
#   It was not proved; --prove tries it on a clone
#   To look at:
#   - /var/lib/postgresql/data is a volume without a name, which the next container does not get; nothing was
#     seen to be written there
name=${1-}
[ $# = 0 ] || shift
case $name in
web)
#
# kept: bind /etc/shop/site.conf on /etc/nginx/conf.d/site.conf, read-only
#   declared: it is mounted read-only
# /run:
#   docker diff: /run/nginx.pid is new or changed since the container was created
#   known: /run/nginx.pid: in /run, which is empty after a start
#   docker diff: 100 bytes in use there, and the size leaves room for more
# /srv/plugins: a volume and no tmpfs, since something is run from there, and a swarm's tmpfs is noexec; it
# keeps what need not be kept
# /srv/plugins:
#   watch: nginx wrote /srv/plugins/x.so, seen 3 times, 8 KiB in all
#   watch: /srv/plugins/x.so was run, or mapped to be run
#   watch: 8 KiB in use there, and the size leaves room for more
# /var/cache/nginx: a volume and no tmpfs, since uid 101 writes there, and a swarm's tmpfs is root's; it keeps
# what need not be kept
# /var/cache/nginx:
#   watch: nginx wrote /var/cache/nginx/proxy_temp/1, seen 3 times, 3 MiB in all
#   docker diff: /var/cache/nginx/client_temp is new or changed since the container was created
#   known: /var/cache/nginx: nginx's cache and buffers (nginx, by its image nginx; docker-library/docs nginx,
#          nginxinc/docker-nginx entrypoint; Debian's nginx-common)
#   docker diff: 3 MiB in use there, and the size leaves room for more
    docker service create \
        --read-only \
        --mount type=tmpfs,dst=/run,tmpfs-size=16777216,tmpfs-mode=755 \
        --mount type=volume,src=web-srv-plugins,dst=/srv/plugins \
        --mount type=volume,src=web-var-cache-nginx,dst=/var/cache/nginx \
        "$@"
    ;;
shop-api-1)
#
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
    docker service create \
        --read-only \
        --mount type=volume,src=shop-api-1-tmp,dst=/tmp \
        --mount type=volume,src=shop-api-1-app-uploads,dst=/app/uploads \
        --env COMPlus_EnableDiagnostics=0 \
        --env DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        --env DOTNET_EnableDiagnostics=0 \
        --env 'JAVA_TOOL_OPTIONS=-Dprice=$5 -XX:-UsePerfData' \
        "$@"
    ;;
shop-api-2)
#
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
    docker service create \
        --read-only \
        --mount type=volume,src=shop-api-2-tmp,dst=/tmp \
        --mount type=volume,src=shop-api-2-app-uploads,dst=/app/uploads \
        --env COMPlus_EnableDiagnostics=0 \
        --env DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        --env DOTNET_EnableDiagnostics=0 \
        --env 'JAVA_TOOL_OPTIONS=-Dprice=$5 -XX:-UsePerfData' \
        "$@"
    ;;
db)
#
# kept: volume ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff on /var/lib/postgresql/data
#   declared: it is mounted already; docker diff does not show what is written to mounts, and it was not
#             watched
# /run/postgresql:
#   docker diff: /run/postgresql/.s.PGSQL.5432 is new or changed since the container was created
#   known: /run/postgresql: PostgreSQL's sockets and locks (postgres, by its image postgres;
#          docker-library/postgres#154, #205; Debian's postgresql-common)
#   docker diff: nothing was measured there, so the size is a guess
# /tmp:
#   known: /tmp: here-documents of the entry point (postgres entry point, by its image postgres and file
#          /usr/local/bin/docker-entrypoint.sh; docker-library/postgres#154)
#   known: nothing was measured there, so the size is a guess
    docker service create \
        --read-only \
        --mount type=tmpfs,dst=/run/postgresql,tmpfs-size=16777216,tmpfs-mode=3777 \
        --mount type=tmpfs,dst=/tmp,tmpfs-size=67108864,tmpfs-mode=1777 \
        "$@"
    ;;
*)
    echo "name one of: web shop-api-1 shop-api-2 db" >&2
    exit 2
    ;;
esac
