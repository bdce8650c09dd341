#!/bin/sh
# symbols.sh - every exported symbol begins with gw_ and the stem of its file (gw_event_push lives in
# event.c), so that a name leads to its file. Usage: symbols.sh FILE_WITH_OBJECT_NAMES
# A policy's table is gw_policy_STEM, those of a family gw_policy_STEM_MEMBER. Other exceptions are lines of symbols.txt: source, symbol, reason.
set -u
here=$(dirname "$0")

xargs nm -A -P -g --defined-only <"$1" | awk -v exceptions="$here/symbols.txt" '
    BEGIN {
        while ((getline line < exceptions) > 0) {
            if (line !~ /^#/ && split(line, word, " ") >= 2) {
                excepted[word[1] " " word[2]] = 1
            }
        }
    }
    # ".../gw_core.dir/sim/base/arena.c.o: gw_arena_alloc T 0 5c"
    {
        source = $1
        sub(/^.*\.dir\/(\.\/)?/, "", source)
        sub(/\.o:?$/, "", source)
        stem = source
        sub(/^.*\//, "", stem)
        sub(/\.c$/, "", stem)
        name = $2
        if (name ~ /^__/ || $3 == "U" || name == "main") {
            next # of the compiler: sanitizers, coverage
        }
        if (name == "gw_" stem || index(name, "gw_" stem "_") == 1 || excepted[source " " name]) {
            next
        }
        if (source ~ /^models\/policies\// && (name == "gw_policy_" stem || index(name, "gw_policy_" stem "_") == 1)) {
            next
        }
        print source ": exports " name ", which does not begin with gw_" stem "_"
        failed = 1
    }
    END {
        if (NR == 0) {
            print "no symbols were seen"
            failed = 1
        }
        exit failed
    }'
