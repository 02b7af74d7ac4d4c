# Prints what zsh on a terminal completes for "writeprobe au", and then for " --form": complete.zsh DIRECTORY
#
# The directory has the completion. Used by bin/check-package.
zmodload zsh/zpty
zpty -b shell "TERM=dumb zsh -f -i"
# Reads what the terminal shows until it shows $1, for ten seconds at most.
output=
hear() {
    local out
    repeat 100; do
        while zpty -r -t shell out; do output+=$out; done
        [[ $output == *$1* ]] && return
        sleep 0.1
    done
}
zpty -w shell "PS1='> '; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word; print -r rea''dy"
hear ready
zpty -w -n shell $'writeprobe au\t'
hear audit
zpty -w -n shell $' --form\t'
hear '--format'
print -r -- "$output"
zpty -d shell
