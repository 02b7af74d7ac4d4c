# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with the current options, image and
# command of the container
#
# web, image memcached:1.6
#   Proposed: a read-only root filesystem
#   It was not watched, so files that it writes and removes, and writes to mounts, are not known
#   It was not proved; --prove tests it on a clone
#   To check:
#   - no write was seen: a read-only root filesystem is all that is needed
#
docker run \
    --read-only \
    "$@"
