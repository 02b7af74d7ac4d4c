# The exec witness: sh -c THIS writeprobe NONCE PATH...
# Only shell builtins, rm and chmod, and no fork per path. What is found is printed at once in the end: each
# write of its own would pass through the engine as one message. A line that begins with the tag is a record;
# lines between two records are free text (a path, a shell's error message) of the record above them.
n=$1
shift
LC_ALL=C
export LC_ALL
PATH=${PATH:-/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
set -f
set -C
# The tag is not among the arguments: a program that only repeats what it was given cannot forge a record.
t=$((n * 2 + 1))
say() { printf '%s %s\n' "$t" "$*"; }

i=0
cur=
files() {
    act=$1
    set --
    j=0
    while [ "$j" -le "$i" ]; do
        eval "g=\${f$j-}"
        [ -z "$g" ] || set -- "$@" "$g"
        j=$((j + 1))
    done
    [ -z "$cur" ] || set -- "$@" "$cur"
    [ $# -eq 0 ] || "$act" "$@"
}
remove() { rm -f -- "$@"; }
allow() { chmod 700 -- "$@"; }

# The engine's API cannot kill an exec. So this one lives only as long as its connection: when the
# auditor goes away, however it dies, standard input ends, and the group removes its files and ends.
w=
trap 'exit 1' HUP INT TERM
trap '[ -z "$w" ] || kill -KILL "$w"' EXIT
read -r _ _ _ _ g _ </proc/self/stat
if [ "$g" = "$$" ]; then
    exec 3<&0
    (
        trap - EXIT
        trap '' HUP INT TERM
        read -r _ <&3
        kill -TERM 0
        sleep 1
        kill -KILL 0
    ) >&- 2>&- &
    w=$!
fi

probe() {
    trap 'exit 1' HUP INT TERM
    trap 'files remove' EXIT
    say START
    while read -r k _ e _; do
        [ "$k" != Uid: ] || say UID "$e"
    done </proc/self/status

    say MOUNTS
    x=0
    while read -r a b c r m o rest; do
        printf '%s %s %s %s %s %s %s\n' "$a" "$b" "$c" "$r" "$m" "$o" "$rest"
        case " $rest" in
            *" - proc "* | *" - sysfs "* | *" - cgroup "* | *" - cgroup2 "* | *" - devpts "* | *" - mqueue "*) continue ;;
            *" - securityfs "* | *" - debugfs "* | *" - tracefs "* | *" - fusectl "* | *" - configfs "*) continue ;;
            *" - pstore "* | *" - bpf "* | *" - binfmt_misc "* | *" - efivarfs "* | *" - nsfs "* | *" - autofs "*) continue ;;
        esac
        case $m in
            *\\*) m=$(printf '%b.' "$m") && m=${m%.} ;;
        esac
        for p; do
            [ "$p" = "$m" ] && continue 2
        done
        x=$((x + 1))
        [ "$x" -gt 256 ] || set -- "$@" "$m"
    done </proc/self/mountinfo

    if [ -z "$(command -v rm)" ]; then
        say NORM
        set --
    fi
    for p; do
        say PATH "$i"
        printf '%s\n' "$p"
        if [ -d "$p" ]; then
            d=$p
            cd -P "$p" && d=$PWD
            cd /
            say DIR "$i"
            printf '%s\n' "$d"
            f=${d%/}/.writeprobe-$n-$i
            say TRY "$i"
            if [ -e "$f" ] || [ -L "$f" ]; then
                say EXISTS "$i"
            else
                cur=$f
                if { true; } >"$f"; then
                    eval "f$i=\$f"
                    say MADE "$i"
                    if printf ':\n' >>"$f"; then say WROTE "$i"; else say FULL "$i"; fi
                else
                    say FAILED "$i"
                fi
                cur=
            fi
        elif [ -f "$p" ]; then
            say FILE "$i"
            if { true; } >>"$p"; then
                say OPENED "$i"
            else
                say FAILED "$i"
                case $p in
                    /etc/hosts | /etc/hostname | /etc/resolv.conf) ;;
                    *)
                        # On opening a file the kernel looks at permissions first, on chmod at the mount. Adding no
                        # permission bit changes nothing, and says EROFS to whoever may not write.
                        chmod u+ -- "$p"
                        say ASKED "$i"
                        ;;
                esac
            fi
        elif [ -e "$p" ]; then
            say SPECIAL "$i"
        elif [ -L "$p" ]; then
            say DANGLING "$i"
        else
            say ABSENT "$i"
        fi
        i=$((i + 1))
    done

    if [ "$EXECUTE" = 1 ] && [ -n "$(command -v chmod)" ]; then
        files allow
        j=0
        while [ "$j" -lt "$i" ]; do
            eval "g=\${f$j-}"
            if [ -n "$g" ]; then
                say RUN "$j"
                "$g"
                say RAN "$j" "$?"
            fi
            j=$((j + 1))
        done
    fi

    files remove
    j=0
    while [ "$j" -lt "$i" ]; do
        eval "g=\${f$j-}"
        if [ -n "$g" ] && { [ -e "$g" ] || [ -L "$g" ]; }; then say LEFT "$j"; fi
        j=$((j + 1))
    done
    say END
}
o=$(probe "$@" 2>&1)
printf '%s\n' "$o"
