#!/bin/sh
# headers.sh - every header compiles alone, under the project's strictest flags; the policy header,
# which plug-ins see, needs nothing but the C standard library. Usage: headers.sh COMPILER
set -u
cd "$(dirname "$0")/../.." || exit 2

compiler=${1:-cc}
strict="-std=c17 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual
        -Wmissing-prototypes -Wstrict-prototypes -Werror -D_POSIX_C_SOURCE=200809L"
failed=0

# fails HEADER FLAGS...: says which header, after the compiler said why
try() {
    header=$1
    shift
    # A file that includes the header twice: the guard is checked too.
    # shellcheck disable=SC2086 # words are flags
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" | "$compiler" $strict "$@" -x c - || {
        echo "does not compile alone: $header"
        failed=1
    }
}

for package in hdf5 gsl yaml-0.1 jansson cairo cmocka; do
    flags="${flags:-} $(pkg-config --cflags "$package" 2>/dev/null)"
done
for header in $(find sim models traces plots tests -name '*.h' | sort); do
    case $header in plots/*) pkg-config --exists cairo || continue ;; esac
    case $header in tests/*) pkg-config --exists cmocka || continue ;; esac
    # shellcheck disable=SC2086 # words are flags
    try "$header" -I. $flags
done

policy=models/policies/policy.h
[ ! -e $policy ] || try "$PWD/$policy"
exit $failed
