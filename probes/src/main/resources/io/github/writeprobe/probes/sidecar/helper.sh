# The sidecar witness: busybox sh -c THIS helper service|root SCRIPT writeprobe NONCE PATH...
# It runs as root in a helper container, where process 1 is the first process of the container to
# probe. It switches to that process's user, or stays root, changes to that process's root
# directory, and runs the probe script there. The busybox must prefer its own applets: it finds them
# in itself, and itself through /proc/self/exe.
set -f
u=0
g=0
if [ "$1" = service ]; then
    u=
    while read -r k _ e _; do
        case $k in
            Uid:) u=$e ;;
            Gid:) g=$e ;;
        esac
    done </proc/1/status
fi
s=$2
# The next argument is the script's name, which sh -c takes as its $0.
shift 2
# Reported before the probe script starts, since these errors are the helper's and not the
# container's.
if [ -z "$u" ]; then
    echo 'helper: it cannot read /proc/1/status'
    exit 1
fi
if ! why=$(chroot /proc/1/root nsenter -S 0 sh -c 'hash rm chmod cat' 2>&1); then
    printf 'helper: %s\n' "$why"
    exit 1
fi
exec chroot /proc/1/root nsenter -G "$g" -S "$u" sh -c "$s" "$@"
