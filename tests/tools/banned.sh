#!/bin/sh
# banned.sh - calls that have no place here: unbounded copies, hidden state, the locale; and in the
# library whatever would let the clock, the environment or the machine into a result.
# Exceptions are lines of banned.txt: source, function, reason.
set -u
cd "$(dirname "$0")/../.." || exit 2

find sim models traces plots tests -name '*.[ch]' | sort | xargs awk '
    BEGIN {
        everywhere = "sprintf vsprintf strcpy strcat strtok rand srand atof atoi gets localtime setlocale alloca"
        in_library = "time clock clock_gettime gettimeofday getenv gethostname printf puts exit abort fputs_unlocked"
        n_everywhere = split(everywhere, banned, " ")
        n_library = split(in_library, quiet, " ")
        while ((getline line < "tests/tools/banned.txt") > 0) {
            if (line !~ /^#/ && split(line, word, " ") >= 2) {
                excepted[word[1] " " word[2]] = 1
            }
        }
    }

    function look_for(name) {
        if ($0 ~ ("(^|[^A-Za-z0-9_>.])" name "[ \t]*\\(") && !excepted[FILENAME " " name]) {
            printf "%s:%d: calls %s\n", FILENAME, FNR, name
            failed = 1
        }
    }

    # Comments and texts may speak of anything.
    FNR == 1 { inside = 0 }
    {
        gsub(/"([^"\\]|\\.)*"/, "\"\"")
        gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "")
        if (inside) {
            if (!sub(/^.*\*\//, "")) {
                next
            }
            inside = 0
        }
        if (sub(/\/\*.*$/, "")) {
            inside = 1
        }
        for (i = 1; i <= n_everywhere; i++) {
            look_for(banned[i])
        }
        if (FILENAME ~ /^(sim\/(base|core|tree|run|sweep)|models|traces)\//) {
            for (i = 1; i <= n_library; i++) {
                look_for(quiet[i])
            }
        }
    }
    END { exit failed }'
