#!/bin/sh
# includes.sh - who may include whom. One direction: core, models, run, command; plots beside the
# command. The linker sees functions only; this sees types and inline code as well.
set -u
cd "$(dirname "$0")/../.." || exit 2

find sim models traces plots tests -name '*.[ch]' | sort | xargs awk '
    # allow(FOLDER, folders it may include)
    function allow(folder, list) { allowed[folder] = list }

    BEGIN {
        core = "sim/base sim/core sim/tree"
        allow("sim/base", "sim/base gw_version.h")
        allow("sim/core", "sim/base sim/core")
        allow("sim/tree", core)
        allow("traces", core " traces")
        allow("models", core " traces models")
        allow("sim/run", core " traces models sim/run")
        allow("sim/sweep", core " traces models sim/run sim/sweep")
        allow("sim/validate", core " traces models sim/run sim/validate")
        allow("plots", core " sim/run sim/sweep sim/validate plots")
        allow("sim/cli", core " traces models sim/run sim/sweep sim/validate plots sim/cli sim/geowatt.h tests/bench")
        allow("sim/geowatt.h", core " traces models sim/run sim/sweep sim/validate")
        allow("tests/plugins/abi-1", "policy.h")
        allow("tests", core " traces models sim/run sim/sweep sim/validate sim/cli plots sim/geowatt.h tests")
    }

    # The narrowest folder with a rule that the path lies in.
    function folder_of(path,   folder, best) {
        best = ""
        for (folder in allowed) {
            if ((path == folder || index(path, folder "/") == 1) && length(folder) > length(best)) {
                best = folder
            }
        }
        return best
    }

    function within(path, list,   n, i, folder) {
        n = split(list, folder, " ")
        for (i = 1; i <= n; i++) {
            if (path == folder[i] || index(path, folder[i] "/") == 1) {
                return 1
            }
        }
        return 0
    }

    /^[ \t]*#[ \t]*include[ \t]*"/ {
        included = $0
        sub(/^[^"]*"/, "", included)
        sub(/".*$/, "", included)
        from = folder_of(FILENAME)
        if (from == "") {
            printf "%s: no rule for this folder\n", FILENAME
            failed = 1
        } else if (!within(included, allowed[from])) {
            printf "%s:%d: %s may not include \"%s\"\n", FILENAME, FNR, from, included
            failed = 1
        }
    }
    END { exit failed }'
