#!/bin/sh
# policy_pages.sh GEOWATT - every policy that `geowatt list policies` knows stands in the heading of a page or in a table of one (docs/policies),
# and each such page says where it fails.
set -u
geowatt=$1
cd "$(dirname "$0")/../.." || exit 2
pages=$(mktemp) || exit 2
trap 'rm -f "$pages"' EXIT
failed=0
for name in $("$geowatt" list policies | sed -n 's/^\([a-z][a-z0-9+-]*\) .*/\1/p'); do
    case $name in
    plugin) continue ;; # whatever it loads: docs/policies/authors-guide.md
    esac
    # a heading has it as a word, a table row or a list begins with it in backticks
    word=$(printf '%s' "$name" | sed 's/+/[+]/g')
    found=$(grep -lE "^#+ (.*[ ,\`(])?$word([ ,:\`)]|\$)|^[|*]  ?(\*\*)?\`?$word\`?[ *|,(:]" docs/policies/*.md)
    if [ -z "$found" ]; then
        echo "$name has no page in docs/policies"
        failed=1
    fi
    echo "$found" >>"$pages"
done
[ -s "$pages" ] || failed=1
for page in $(sort -u "$pages"); do
    case $page in
    */authors-guide.md | */exec.md) continue ;; # about policies of others
    esac
    if ! grep -qiE '^(#+ |\*\*)?(where (it|they) fails?|limits|what is missing)' "$page"; then
        echo "$page does not say where it fails"
        failed=1
    fi
done
exit $failed
