#!/bin/sh
# teaching.sh GEOWATT - every scenario of scenarios/teaching and of the folders of scenarios/papers is checked and run as it stands,
# figures included.
set -u
geowatt=$1
cd "$(dirname "$0")/../.." || exit 2
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
failed=0
for scenario in scenarios/teaching/*.yaml scenarios/papers/*/*.yaml; do
    name=$(echo "$scenario" | tr / -)
    if ! "$geowatt" check "$scenario" >"$temporary/log" 2>&1 ||
        ! "$geowatt" run "$scenario" -o "$temporary/$name" >>"$temporary/log" 2>&1; then
        echo "$scenario:"
        cat "$temporary/log"
        failed=1
    elif [ ! -s "$temporary/$name/result.h5" ]; then
        echo "$scenario leaves no result"
        failed=1
    fi
done
exit $failed
