# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with the current options, image and
# command of the container
#
# web, image nginx:1.27
#   Proposed: a read-only root filesystem, 3 tmpfs, 1 mount kept
#   It was watched for 10 minutes
#   Proof: proved, a read-only clone became healthy (exercised for 31 seconds by its health check)
#   The proof covers, with what was written:
#   - start, 12 seconds: 4 paths: 2 in /var/cache/nginx, 1 in /run, 1 in /srv/plugins
#   - stop, 1 second: not known, because its files could not be read
#   - restart, 11 seconds: /run/nginx.pid
#   - second exercise, 7 seconds: nothing
#   - a reload of the configuration, by its name: it was sent SIGHUP
#   It does not cover, because it was never seen: log rotation, a backup, an upgrade
#   The first proposal missed /run/nginx.pid
#   About the clones: they have no network, so the service could not reach other hosts
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
