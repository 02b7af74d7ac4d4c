# Proposed by writeprobe. sh THIS-FILE NAME [OPTION]... IMAGE [COMMAND]..., with the current options, image
# and command of the container
#
# web, image nginx:1.27
#   Proposed: a read-only root filesystem, 3 tmpfs, 1 mount kept
#   It was watched for 10 minutes
#   It was not proved; --prove tests it on a clone
# shop-api-1, image registry.example/shop/api:2
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
# shop-api-2, image registry.example/shop/api:2
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
# db, image postgres:17
#   Proposed: a read-only root filesystem, 2 tmpfs, 1 mount kept
#   It was not watched, so files that it writes and removes, and writes to mounts, are not known
#   Not available: watch, because the engine is on another machine; may be missing: some files
#   It was not proved; --prove tests it on a clone
#   To check:
#   - /var/lib/postgresql/data is an anonymous volume, which the next container does not get; no write was
#     seen there
name=${1-}
[ $# = 0 ] || shift
case $name in
web)
#
# kept: bind /etc/shop/site.conf on /etc/nginx/conf.d/site.conf, read-only
#   declared: it is mounted read-only
# /run:
#   diff: /run/nginx.pid is new or changed since the container was created
#   known: /run/nginx.pid: in /run, which is empty after a start
#   diff: 100 bytes in use there; the size leaves room for more
# /srv/plugins:
#   watch: nginx wrote /srv/plugins/x.so, seen 3 times, 8 KiB in all
#   watch: /srv/plugins/x.so was executed, or mapped as executable
#   watch: 8 KiB in use there; the size leaves room for more
# /var/cache/nginx:
#   watch: nginx wrote /var/cache/nginx/proxy_temp/1, seen 3 times, 3 MiB in all
#   diff: /var/cache/nginx/client_temp is new or changed since the container was created
#   known: /var/cache/nginx: nginx's cache and buffers (nginx, matched by image nginx; docker-library/docs
#          nginx, nginxinc/docker-nginx entrypoint; Debian's nginx-common)
#   diff: 3 MiB in use there; the size leaves room for more
    docker run \
        --read-only \
        --tmpfs /run:mode=755,uid=0,gid=0,size=16m,noexec \
        --tmpfs /srv/plugins:mode=755,uid=101,gid=101,size=16m,exec \
        --tmpfs /var/cache/nginx:mode=755,uid=101,gid=101,size=16m,noexec \
        "$@"
    ;;
shop-api-1)
#
# kept: tmpfs on /var/cache/app
#   watch: existing mount; no write was seen there in 10 minutes
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
    docker run \
        --read-only \
        --tmpfs /tmp:mode=1777,uid=0,gid=0,size=64m,exec \
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
#   watch: existing mount; no write was seen there in 10 minutes
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
    docker run \
        --read-only \
        --tmpfs /tmp:mode=1777,uid=0,gid=0,size=64m,exec \
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
#   declared: existing mount; the diff does not show writes to mounts, and it was not watched
# /run/postgresql:
#   diff: /run/postgresql/.s.PGSQL.5432 is new or changed since the container was created
#   known: /run/postgresql: PostgreSQL's sockets and locks (postgres, matched by image postgres;
#          docker-library/postgres#154, #205; Debian's postgresql-common)
#   diff: nothing was measured there, so the size is a guess
# /tmp:
#   known: /tmp: here-documents of the entry point (postgres entry point, matched by image postgres and file
#          /usr/local/bin/docker-entrypoint.sh; docker-library/postgres#154)
#   known: nothing was measured there, so the size is a guess
    docker run \
        --read-only \
        --tmpfs /run/postgresql:mode=3777,uid=999,gid=999,size=16m,noexec \
        --tmpfs /tmp:mode=1777,uid=0,gid=0,size=64m,noexec \
        "$@"
    ;;
*)
    echo "the first argument has to be one of: web shop-api-1 shop-api-2 db" >&2
    exit 2
    ;;
esac
