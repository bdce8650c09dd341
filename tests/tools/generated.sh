#!/bin/sh
# generated.sh GEOWATT [--update] - pages that the program prints about itself are the ones in the tree.
# With --update they are written instead of compared.
set -u
geowatt=$1
update=${2:-}
cd "$(dirname "$0")/../.." || exit 2
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT

# page FILE: standard input is what it should be
page() {
    cat >"$temporary/page"
    if [ "$update" = --update ]; then
        mkdir -p "$(dirname "$1")"
        cp "$temporary/page" "$1"
    elif ! diff -u "$1" "$temporary/page" >"$temporary/diff"; then
        echo "$1 is not what geowatt prints; run: tests/tools/generated.sh build/geowatt --update"
        head -20 "$temporary/diff"
        touch "$temporary/failed" # a pipeline's last part runs in a shell of its own: no variable gets out
    fi
}

# block COMMAND...: its output as a block of a page
block() {
    printf '\n```\n$ geowatt %s\n' "$*"
    "$geowatt" "$@"
    printf '```\n'
}

"$geowatt" explain --yaml | page scenarios/explained.yaml
"$geowatt" explain --markdown | page docs/reference/scenario.md
{
    echo '# Commands'
    block --help
    for command in $("$geowatt" --help | sed -n '/^usage/,/^First/s/^  \([a-z]*\)  .*/\1/p'); do
        printf '\n## `geowatt %s`\n' "$command"
        block "$command" --help
        for subject in $("$geowatt" "$command" --help | sed -n '/^[A-Z]*:$/,/^$/s/^  \([a-z]*\)  .*/\1/p'); do
            block "$command" "$subject" --help
        done
    done
} | page docs/reference/commands.md
{
    echo '# Columns of results'
    printf '\nScores: columns of `scores.csv`, variables of `result.h5`.\n'
    block list scores
    printf '\nAccounts: per site, and per site and time, in `result.h5`.\n'
    block list accounts
} | page docs/reference/results.md
{
    echo '# What policies see'
    printf '\nTables of the view; `docs/policies/authors-guide.md` shows how to use them.\n'
    block list tables
    printf '\nSlots, in the order in which they plan, and the orders a plan may give.\n'
    block list slots
    block list orders
    printf '\nPolicies that are built in.\n'
    block list policies
} | page docs/reference/policies.md
[ ! -e "$temporary/failed" ]
