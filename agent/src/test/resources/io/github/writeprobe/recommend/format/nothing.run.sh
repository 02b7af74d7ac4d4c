# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with the options, image and command
# that the container has now
#
# web, image memcached:1.6
#   Proposed: a read-only root filesystem
#   It was not watched: what it writes and removes again, and what it writes to mounts, is not known
#   It was not proved; --prove tries it on a clone
#   To look at:
#   - nothing was seen to be written: a read-only root filesystem is all it takes
#
docker run \
    --read-only \
    "$@"
