# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with the current options, image and
# command of the container
#
# shop_api_1, image shop/api:3
#   Proposed: a read-only root filesystem, 2 new volumes; 1 volume to check
#   It was not watched, so files that it writes and removes, and writes to mounts, are not known
#   It was not proved; --prove tests it on a clone
#   To check:
#   - /app/uploads and /srv/spool: the current data are in the container's own layer, which is lost when the
#     container is replaced; copy them into the new volume first if you need them
#   - /app/uploads: the image has no such directory, so a new volume there belongs to root, and uid 1000
#     cannot write to it. The formats compose, run and ecs change the owner before the start; otherwise create
#     the directory in the image, owned by 1000:1000, or change the owner of the new volume once, with chown
#   - /srv/spool: the image has no such directory, so a new volume there belongs to root, and uid 1000 cannot
#     write to it. The formats compose, run and ecs change the owner before the start; otherwise create the
#     directory in the image, owned by 1000:1001, or change the owner of the new volume once, with chown
#   - /srv/spool: it is not known whether the data there must outlive the container, so a volume is proposed,
#     which loses nothing; if they need not, use a tmpfs
#
# /app/uploads:
#   diff: /app/uploads/1.png is new or changed since the container was created
#   known: /app/uploads/1.png: uploads
#   the script changes its owner to 1000:1000, because the image does not have this directory
# /srv/spool:
#   diff: /srv/spool/1.msg is new or changed since the container was created
#   known: it is not known whether the data must be kept
#   check whether this has to be a volume
#   the script changes its owner to 1000:1001 and its mode to 2775, because the image does not have this
#   directory
docker run --rm --network none --user 0 --entrypoint chown --mount type=volume,src=shop_api_1-app-uploads,dst=/app/uploads shop/api:3 1000:1000 /app/uploads || exit
docker run --rm --network none --user 0 --entrypoint sh --mount type=volume,src=shop_api_1-srv-spool,dst=/srv/spool shop/api:3 -c 'chown 1000:1001 /srv/spool && chmod 2775 /srv/spool' || exit
docker run \
    --read-only \
    --mount type=volume,src=shop_api_1-app-uploads,dst=/app/uploads \
    --mount type=volume,src=shop_api_1-srv-spool,dst=/srv/spool \
    "$@"
