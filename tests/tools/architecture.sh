#!/bin/sh
# architecture.sh - docs/architecture.md has one sentence for each source file, as a list item:
#
#     * `sim/base/arena` - memory that lives exactly as long as its owner and is freed at once.
#
# One item stands for the .c and the .h of that name. Fails when a file has no item or an item no file,
# and prints the items that are missing, with what the header says first.
set -u
cd "$(dirname "$0")/../.." || exit 2
page=docs/architecture.md
items=$(mktemp) && files=$(mktemp) || exit 2
trap 'rm -f "$items" "$files"' EXIT

sed -n 's/^\* `\([^`]*\)` - ..*\.$/\1/p' $page | sort >"$items"
find sim models traces plots -name '*.[ch]' | sed 's/\.[ch]$//' | sort -u >"$files"

failed=0
for item in $(uniq -d "$items"); do
    echo "$page: $item is there twice"
    failed=1
done
for item in $(comm -23 "$items" "$files"); do
    echo "$page: there is no such source file: $item"
    failed=1
done
for file in $(comm -13 "$items" "$files"); do
    first=$file.h
    [ -e "$first" ] || first=$file.c
    echo "$page misses: * \`$file\` - $(sed '1!d; s|^/\* *\([^ ]* - \)\{0,1\}||; s| \*/$||' "$first")"
    failed=1
done
exit $failed
