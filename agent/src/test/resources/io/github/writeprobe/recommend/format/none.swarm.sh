# Proposed by writeprobe. sh THIS-FILE [OPTION]..., with other options to change, if any
#
