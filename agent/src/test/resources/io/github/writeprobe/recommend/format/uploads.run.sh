# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with the options, image and command
# that the container has now
#
# shop_api_1, image shop/api:3
#   Proposed: a read-only root filesystem, 1 new volume
#   It was not watched: what it writes and removes again, and what it writes to mounts, is not known
#   It was not proved; --prove tries it on a clone
#   To look at:
#   - /app/uploads: what is there now is in the container's own layer, and gone with it when it is replaced;
#     copy it into the new volume first, if it matters
#   - /app/uploads: the image has no such directory, so a new volume there belongs to root, and uid 1000
#     cannot write to it. Make the directory in the image, owned by 1000:1000, or change the new volume's
#     owner once, with chown
#
# /app/uploads:
#   docker diff: /app/uploads/1.png is new or changed since the container was created
#   known: /app/uploads/1.png: uploads
#   it is given to 1000:1000, since the image has none
docker run --rm --network none --user 0 --entrypoint chown --mount type=volume,src=shop_api_1-app-uploads,dst=/app/uploads shop/api:3 1000:1000 /app/uploads || exit
docker run \
    --read-only \
    --mount type=volume,src=shop_api_1-app-uploads,dst=/app/uploads \
    "$@"
