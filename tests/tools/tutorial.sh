#!/bin/sh
# tutorial.sh GEOWATT - every command block (```sh) of README.md and docs/tutorial is run, page by page, in an empty folder that
# has scenarios/ and docs/ of the tree beside it. A line that fails fails the test. Lines with ./setup or git are left out: the
# tests run inside of what they would build.
set -u
geowatt=$1
cd "$(dirname "$0")/../.." || exit 2
top=$(pwd)
temporary=$(mktemp -d) || exit 2
trap 'rm -rf "$temporary"' EXIT
mkdir "$temporary/bin" && ln -s "$geowatt" "$temporary/bin/geowatt"
PATH="$temporary/bin:$PATH"
export PATH
failed=0

for page in README.md docs/tutorial/*.md; do
    folder="$temporary/$(basename "$page" .md)"
    mkdir "$folder"
    for part in scenarios docs traces models; do
        ln -s "$top/$part" "$folder/$part"
    done
    awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" |
        grep -v -e '\./setup' -e '^git ' | sed 's|build/geowatt|geowatt|g' >"$temporary/script"
    if ! (cd "$folder" && sh -eu "$temporary/script" >"$temporary/output" 2>&1); then
        echo "$page: a command block failed:"
        tail -5 "$temporary/output"
        failed=1
    fi
    echo "$page: $(grep -c . "$temporary/script") lines"
done
exit $failed
