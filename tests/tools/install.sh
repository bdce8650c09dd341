#!/bin/sh
# install.sh - what `cmake --install` leaves is enough for others: a program that finds the library by
# pkg-config, and a plug-in that sees only <geowatt/policy.h>. Usage: install.sh CMAKE BUILD_FOLDER COMPILER
set -eu
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

if [ -e "$prefix/bin/geowatt" ]; then
    "$prefix/bin/geowatt" --version >/dev/null
fi
