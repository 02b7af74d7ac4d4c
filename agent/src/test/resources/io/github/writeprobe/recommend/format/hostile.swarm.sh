# Proposed by writeprobe. sh THIS-FILE [OPTION]... IMAGE [COMMAND]..., with other options to change, or for a
# new service the current options, image and command of the container
#
# \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
# </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
# {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat me@evil.example
# octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t, image
# \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
# </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
# {{x}} %2e%2e [l](https:…
#   Proposed: a read-only root filesystem, 14 tmpfs, 14 new volumes, 2 settings, 14 mounts kept; 14 volumes to
#   check
#   It was watched for 1 second
#   Not available: watch, because
#   \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#   </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
#   {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat me@evil.example
#   octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t; may be missing:
#   \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#   </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~…
#   Proof: refuted,
#   \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#   </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
#   {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat me@evil.example
#   octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t (exercised for 0 seconds by the --exercise command)
#   The proof covers, with what was written:
#   - start, less than a second:
#     \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#     </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$
#     {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#     me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   - a backup, by its name:
#     \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#     </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$
#     {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#     me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   It does not cover, because it was never seen: log rotation, a reload of the configuration, an upgrade
#   The first proposal missed
#   \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#   </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
#   {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat me@evil.example
#   octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   About the clones:
#   \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#   </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
#   {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat me@evil.example
#   octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   | \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#     </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$
#     {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#     me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   To check:
#   - \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
#     </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$
#     {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#     me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   - nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#     nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#     nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#     nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#     nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#     nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…
#
# The next docker stack deploy of
# \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"' ]]>
# </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ # \ $m$ {0}
# {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat me@evil.example
# octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t reverts this. In the stack file, write read_only: true,
# and volumes in the long syntax; a stack ignores tmpfs: and the mode of a tmpfs
# kept: bind /srv/a b on /srv/a b, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/new\nline on /srv/new\nline, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/"double" 'single' on /srv/"double" 'single', read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/$HOME ${x} $(id) `id` on /srv/$HOME ${x} $(id) `id`, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/co:lon on /srv/co:lon, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/com,ma on /srv/com,ma, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/# comment: [x] {y} & *z | > !t %p @q on /srv/# comment: [x] {y} & *z | > !t %p @q, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/turn\u202ed around on /srv/turn\u202ed around, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/\x1b[31mred on /srv/\x1b[31mred, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/back\slash\n on /srv/back\slash\n, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/- dash on /srv/- dash, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/é中😀 on /srv/é中😀, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind /srv/not text � on /srv/not text �, read-only
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# kept: bind
#       /srv/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#       nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#       nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#       nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
#       nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnn
#       nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/a b/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/new\nline/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# NOT INCLUDED: a tmpfs on /srv/new\nline/t, because its name has characters that cannot be printed; add it by
# hand
# /srv/"double" 'single'/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/$HOME ${x} $(id) `id`/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/co:lon/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/com,ma/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/# comment: [x] {y} & *z | > !t %p @q/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/turn\u202ed around/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# NOT INCLUDED: a tmpfs on /srv/turn\u202ed around/t, because its name has characters that cannot be printed;
# add it by hand
# /srv/\x1b[31mred/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# NOT INCLUDED: a tmpfs on /srv/\x1b[31mred/t, because its name has characters that cannot be printed; add it
# by hand
# /srv/back\slash\n/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/- dash/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/é中😀/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/not text �/t:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# NOT INCLUDED: a tmpfs on /srv/not text �/t, because its name has characters that cannot be printed; add it
# by hand
# /srv/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
# /srv/a b/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/new\nline/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# NOT INCLUDED: a volume on /srv/new\nline/v, because its name has characters that cannot be printed; add it
# by hand
# /srv/"double" 'single'/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/$HOME ${x} $(id) `id`/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/co:lon/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/com,ma/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/# comment: [x] {y} & *z | > !t %p @q/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/turn\u202ed around/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# NOT INCLUDED: a volume on /srv/turn\u202ed around/v, because its name has characters that cannot be printed;
# add it by hand
# /srv/\x1b[31mred/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# NOT INCLUDED: a volume on /srv/\x1b[31mred/v, because its name has characters that cannot be printed; add it
# by hand
# /srv/back\slash\n/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/- dash/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/é中😀/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# /srv/not text �/v:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# NOT INCLUDED: a volume on /srv/not text �/v, because its name has characters that cannot be printed; add it
# by hand
# /srv/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
# nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   check whether this has to be a volume
# Each node has its own volumes: constrain the service to one node, or use a volume driver that shares them
# EVIL:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
#   cost: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#         ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#         \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#         me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
# NOT INCLUDED: EVIL, because its value has characters that cannot be printed; add it by hand
# JAVA_TOOL_OPTIONS:
#   watch: \x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00\x7f\x85\u2028\u202egnp.exe\u2066\u200b\ufeff\ufffe\ud83d"'
#          ]]> </testcase></failure><!-- <img src=x onerror=alert(1)> &amp; &lt; | `x` ``y`` **b** _i_ ~~s~~ #
#          \ $m$ {0} {{x}} %2e%2e [l](https://evil.example) ![i](//evil.example) www.evil.example @octocat
#          me@evil.example octo/repo#1 :tada: ../../etc/passwd\n## H\n- [ ] t
#   diff: 
docker service create \
    --read-only \
    --mount 'type=tmpfs,dst=/srv/a b/t,tmpfs-size=1000,tmpfs-mode=7777' \
    --mount 'type=tmpfs,"dst=/srv/""double"" '\''single'\''/t",tmpfs-size=1000,tmpfs-mode=7777' \
    --mount 'type=tmpfs,dst=/srv/$HOME ${x} $(id) `id`/t,tmpfs-size=1000,tmpfs-mode=7777' \
    --mount type=tmpfs,dst=/srv/co:lon/t,tmpfs-size=1000,tmpfs-mode=7777 \
    --mount 'type=tmpfs,"dst=/srv/com,ma/t",tmpfs-size=1000,tmpfs-mode=7777' \
    --mount 'type=tmpfs,dst=/srv/# comment: [x] {y} & *z | > !t %p @q/t,tmpfs-size=1000,tmpfs-mode=7777' \
    --mount 'type=tmpfs,dst=/srv/back\slash\n/t,tmpfs-size=1000,tmpfs-mode=7777' \
    --mount 'type=tmpfs,dst=/srv/- dash/t,tmpfs-size=1000,tmpfs-mode=7777' \
    --mount 'type=tmpfs,dst=/srv/é中😀/t,tmpfs-size=1000,tmpfs-mode=7777' \
    --mount type=tmpfs,dst=/srv/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/t,tmpfs-size=1000,tmpfs-mode=7777 \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-0,dst=/srv/a b/v' \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-2,"dst=/srv/""double"" '\''single'\''/v"' \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-3,dst=/srv/$HOME ${x} $(id) `id`/v' \
    --mount type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-4,dst=/srv/co:lon/v \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-5,"dst=/srv/com,ma/v"' \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-6,dst=/srv/# comment: [x] {y} & *z | > !t %p @q/v' \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-9,dst=/srv/back\slash\n/v' \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-10,dst=/srv/- dash/v' \
    --mount 'type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-11,dst=/srv/é中😀/v' \
    --mount type=volume,src=2J-0-owned-31m-gnp.exe-testcase-failure----img-src-x-onerror-al-v-13,dst=/srv/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/v \
    --env 'JAVA_TOOL_OPTIONS=-Da='\''$x'\'' "$$y" $(z)' \
    "$@"
