set +evxu
# The exec and sidecar witnesses: sh -c THIS writeprobe NONCE PATH...
# The caller prepends EXECUTE (1: execute the written file), MOUNTINFO (the file with the mount
# table), and LIMIT (options of read that limit the running time; empty: as long as the connection).
# The script uses only shell builtins, rm and chmod. It prints all results at once at the end,
# because the engine would pass on each single write as a message of its own. A line that begins
# with the tag is a record. Lines between two records are free text (a path, a shell's error
# message) of the record above them.
n=$1
shift
LC_ALL=C
export LC_ALL
PATH=${PATH:-/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
set -f
set -C
nl='
'
# The tag is not among the arguments, so a program that only repeats its arguments cannot forge a
# record.
t=$((n * 2 + 1))
say() { printf '%s %s\n' "$t" "$*"; }
has() { [ -n "$(command -v "$1" 2>&-)" ]; }

# The engine's API cannot kill an exec. So this script runs only as long as its connection: when
# writeprobe ends, in whatever way, standard input ends, and the process group removes its file and
# ends. The script waits for the watcher, since the container's first process may not reap its
# children. If standard input is a device, /dev/null, the engine ends the exec after a time limit.
w=
trap 'exit 1' HUP INT TERM
trap '[ -z "$w" ] || { kill -KILL "$w"; wait "$w"; } 2>&-' EXIT
read -r _ _ _ _ g _ </proc/self/stat
if [ "$g" = "$$" ] && ! [ -c /proc/self/fd/0 ]; then
    exec 3<&0
    (
        trap - EXIT
        trap '' HUP INT TERM
        # shellcheck disable=SC2086
        read -r ${LIMIT?} _ <&3
        kill -TERM 0
        # On a busy host the removal may be slow. The sleeps are short, since the last one outlives
        # a killed watcher.
        for s in 1 1 1 1 1; do sleep "$s"; done
        kill -KILL 0
    ) >&- 2>&- &
    w=$!
fi

# Whether $PWD is the current directory. It is not in a directory that was deleted. Not every shell
# has -ef: then [ fails with another code.
here() {
    # shellcheck disable=SC3013
    [ . -ef "$PWD" ] 2>&-
    case $? in
        0) ;;
        1) return 1 ;;
        *) [ -n "$PWD" ] ;;
    esac
}

# Resolves a path: its directory, and the last component if that is a link. If the path is a
# directory that can be entered, it becomes the current directory, and $at is a dot.
resolve() {
    r=
    at=${1%/}
    if cd -P "${1%/*}/" 2>&- && here; then
        r=${PWD%/}/${1##*/}
        if [ -L "$1" ]; then
            l=$(readlink -f -- "$1" 2>&-)
            r=$l
        fi
    fi
    if [ -d "$1" ] && cd -P "$1" 2>&-; then
        at=.
        if here; then r=$PWD; fi
    fi
}

# Reports a refusal, and asks twice more, with calls that change nothing: some errors come before
# the kernel has checked the mount (ENOENT in a deleted directory or in /proc, ETXTBSY for a running
# program), and shells differ in how they print an error. The command is an external one, whose
# message is in the words of the C library, and for which the kernel checks the mount first.
failed() {
    say FAILED "$i"
    d=$1
    shift
    if [ $# != 0 ]; then
        "$@"
        say ASKED "$i"
    fi
    if ! [ -w "$d" ] || { [ -d "$d" ] && ! [ -x "$d" ]; }; then say DENIED "$i"; fi
}

# Probes one directory: creates a file, writes to it, executes it, removes it. The file is created
# in the current directory, and not by its path, which may lead elsewhere by now. After the
# creation, the script uses the open file and not its name: in a directory of another user, the name
# may belong to another file by now.
f=
create() {
    read -r u </proc/sys/kernel/random/uuid || u=$n-$i
    f=$at/.writeprobe-$u
    if [ -e "$f" ] || [ -L "$f" ]; then
        f=
        say EXISTS "$i"
        return
    fi
    if {
        if [ -f /proc/self/fd/4 ]; then
            say MADE "$i"
            if printf ':\n' >&4; then say WROTE "$i"; else say FULL "$i"; fi
            if [ -n "$x" ] && chmod 700 /proc/self/fd/4; then
                {
                    exec 4>&-
                    say RUN "$i"
                    /proc/self/fd/5
                    say RAN "$i" "$?"
                } 5</proc/self/fd/4
            fi
        else
            say EXISTS "$i"
        fi
    } 4>"$f"; then
        rm -f -- "$f"
        if [ -e "$f" ] || [ -L "$f" ]; then say LEFT "$i"; fi
    elif [ -n "$rmdir" ]; then
        failed "$at/" rmdir -- "$f"
    else
        failed "$at/"
    fi
    f=
}

probe() {
    trap 'exit 1' HUP INT TERM
    # SIGXFSZ, which a file size limit sends instead of an error. Not every shell knows its name.
    # shellcheck disable=SC2172
    trap '' 25
    trap '[ -z "$f" ] || rm -f -- "$f"' EXIT
    say START
    uid=
    while read -r k _ e _; do
        [ "$k" != Uid: ] || { uid=$e && say UID "$e"; }
    done </proc/self/status

    say MOUNTS
    # The read builtin of a shell reads a file byte by byte.
    if has cat; then
        table=$(cat "$MOUNTINFO")
    else
        table=$(while read -r l; do printf '%s\n' "$l"; done <"$MOUNTINFO")
    fi
    printf '%s\n' "$table"
    # Without rm nothing is written, but the resolved paths are still printed.
    rm=1
    if ! has rm; then
        say NORM
        rm=
    fi
    rmdir=
    ! has rmdir || rmdir=1
    mounts=$nl
    readonly=$nl
    extra=0
    IFS=$nl
    for l in $table; do
        m=${l#* * * * }
        o=${m#* }
        m=${m%% *}
        case $l in
            *" - proc "* | *" - sysfs "* | *" - cgroup "* | *" - cgroup2 "* | *" - devpts "* | *" - mqueue "*) continue ;;
            *" - securityfs "* | *" - debugfs "* | *" - tracefs "* | *" - fusectl "* | *" - configfs "*) continue ;;
            *" - pstore "* | *" - bpf "* | *" - binfmt_misc "* | *" - efivarfs "* | *" - nsfs "* | *" - autofs "*) continue ;;
        esac
        case $m in
            *\\*)
                # Every shell's printf understands \0040; the kernel prints \040.
                e=
                while [ "$m" != "${m#*\\}" ]; do
                    e=$e${m%%\\*}\\0
                    m=${m#*\\}
                done
                m=$(printf '%b.' "$e$m") && m=${m%.}
                ;;
        esac
        mounts=$mounts$m$nl
        case ${o%% *} in
            ro | ro,*) readonly=$readonly$m$nl ;;
        esac
        # The engine's mounts over parts of /proc and /sys are not probed: the mount table is enough
        # for them.
        case $m in
            /proc/* | /sys/*) continue ;;
        esac
        for p; do
            [ "$p" = "$m" ] && continue 2
            # A mount below a requested mount belongs to another container or to the host.
            case $p in
                / | /dev) ;;
                *)
                    case $m in
                        "$p"/*) case $mounts in *"$nl$p$nl"*) continue 2 ;; esac ;;
                    esac
                    ;;
            esac
        done
        extra=$((extra + 1))
        [ -z "$rm" ] || [ "$extra" -gt 256 ] || set -- "$@" "$m"
    done
    IFS=" "

    x=
    [ "$EXECUTE" != 1 ] || ! has chmod || x=1
    i=0
    for p; do
        say PATH "$i"
        printf '%s\n' "$p"
        resolve "$p"
        say LEADS "$i"
        printf '%s\n' "$r"
        if [ -z "$rm" ]; then
            :
        elif [ -d "$p" ]; then
            say DIR "$i"
            create
        elif [ -f "$p" ]; then
            case $mounts in
                *"$nl$r$nl"*)
                    say FILE "$i"
                    if { true; } >>"$p"; then
                        say OPENED "$i"
                    else
                        # For chmod, the kernel checks the mount before permissions and before it
                        # looks whether the program runs. A chmod that adds no permission bit could
                        # still remove a setgid bit, or set a new change time. So root and the owner
                        # ask only where the mount table says that the mount is read-only.
                        case $readonly in
                            *"$nl$r$nl"*) ask=1 ;;
                            *) ask= && [ "${uid:-0}" != 0 ] && ! [ -O "$p" ] && ask=1 ;;
                        esac
                        if [ -n "$ask" ]; then failed "$p" chmod u+ -- "$p"; else failed "$p"; fi
                    fi
                    ;;
                *) say IMAGEFILE "$i" ;;
            esac
        elif [ -e "$p" ]; then
            say SPECIAL "$i"
        elif [ -n "$rmdir" ] && case $mounts in *"$nl$p$nl"*) ;; *) false ;; esac then
            # It is mounted, and yet cannot be seen: its server has ended, or it is below another mount.
            say LOST "$i"
            rmdir -- "${p%/}/.writeprobe-$n"
            say ASKED "$i"
        elif [ -L "$p" ]; then
            say DANGLING "$i"
        else
            say ABSENT "$i"
        fi
        cd /
        i=$((i + 1))
    done
    say END
}
o=$(probe "$@" 2>&1)
printf '%s\n' "$o"
