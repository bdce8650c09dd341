#!/bin/sh
# install.sh - what `cmake --install` leaves is enough for others: a program that finds the library by
# pkg-config, and plug-ins that see only <geowatt/policy.h>, that of the guide for authors
# run as well. Usage: install.sh CMAKE BUILD_FOLDER COMPILER
set -eu
cd "$(dirname "$0")/../.." || exit 2
cmake=$1 build=$2 compiler=$3
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

"$cmake" --install "$build" --prefix "$prefix" >/dev/null
export PKG_CONFIG_PATH="$(dirname "$(find "$prefix" -name geowatt.pc)")"

cat >"$prefix/program.c" <<'END'
#include <stdio.h>
#include <sim/base/version.h>
int main(void)
{
    return puts(gw_version_number()) < 0;
}
END
# shellcheck disable=SC2046 # words are flags
"$compiler" -std=c17 "$prefix/program.c" $(pkg-config --cflags --libs geowatt) -o "$prefix/program"
[ "$("$prefix/program")" = "$(pkg-config --modversion geowatt)" ]

printf '#include <geowatt/policy.h>\nextern const int gw_policy_abi;\nconst int gw_policy_abi = GW_POLICY_ABI;\n' >"$prefix/plugin.c"
"$compiler" -std=c17 -Wall -Wextra -Wpedantic -Werror -fPIC -shared -I"$prefix/include" "$prefix/plugin.c" -o "$prefix/plugin.so"

# The plug-in of the guide for authors, taken out of the page, built by its Makefile where nothing of the tree is.
guide=docs/policies/authors-guide.md outside=$prefix/outside
block() {
    awk -v begin="\`\`\`$1" '$0 == begin { inside = 1; found = 1; next } /^```$/ { if (inside) exit; } inside
                             END { exit !found }' "$guide"
}
mkdir "$outside"
block c >"$outside/cheapest.c"
block make >"$outside/Makefile"
make -s -C "$outside" CC="$compiler" CFLAGS="-std=c17 -O2 -Wall -Wextra -Werror" prefix="$prefix" cheapest.so

if [ -e "$prefix/bin/geowatt" ]; then
    "$prefix/bin/geowatt" --version >/dev/null
    "$prefix/bin/geowatt" run scenarios/quickstart.yaml --set "time.duration=1 h" \
        --set "policies=[nearest, { plugin: $outside/cheapest.so }]" --csv >"$outside/scores.csv"
    grep -q '^cheapest,0,ok,true,' "$outside/scores.csv"
fi
