# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with the options, image and command
# that the container has now
#
