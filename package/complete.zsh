# What a zsh at a terminal makes of "writeprobe au" and a tab, and then of " --form" and a tab: complete.zsh DIRECTORY
#
# The completion is in the directory. For bin/check-package.
zmodload zsh/zpty
zpty -b shell "TERM=dumb zsh -f -i"
# Everything that the terminal shows until it has $1, for ten seconds at most.
heard=
hear() {
    local out
    repeat 100; do
        while zpty -r -t shell out; do heard+=$out; done
        [[ $heard == *$1* ]] && return
        sleep 0.1
    done
}
zpty -w shell "PS1='> '; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word; print -r rea''dy"
hear ready
zpty -w -n shell $'writeprobe au\t'
hear audit
zpty -w -n shell $' --form\t'
hear '--format'
print -r -- "$heard"
zpty -d shell
