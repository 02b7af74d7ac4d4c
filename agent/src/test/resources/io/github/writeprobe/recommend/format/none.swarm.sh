# Proposed by writeprobe. sh THIS-FILE [OPTION]..., with what else is to be changed, if anything is
#
