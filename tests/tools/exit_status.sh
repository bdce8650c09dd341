#!/bin/sh
# exit_status.sh - every exit status of the command, provoked for real, and what may and may not be left behind.
# Usage: exit_status.sh GEOWATT SOURCE_FOLDER COMPILER [sanitized]
set -u
geowatt=$1 source=$2 compiler=$3 sanitized=${4:-}
work=$(mktemp -d)
mounted=""
clean_up() {
    cd /
    if [ -n "$mounted" ] && ! umount "$mounted" && ! umount -l "$mounted"; then
        echo "$mounted is still mounted" >&2 # and must not be emptied through the mount
        return
    fi
    chmod -R u+w "$work"
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/home" && chmod 555 "$work/home"
export HOME="$work/home"
unset NO_COLOR
cd "$work" || exit 1

failures=0
complain() {
    echo "FAILED: $*" >&2
    sed 's/^/    /' err.txt >&2
    failures=$((failures + 1))
}

# expect STATUS ARGUMENTS...: runs geowatt, output in out.txt and err.txt
expect() {
    due=$1
    shift
    "$geowatt" "$@" >out.txt 2>err.txt
    got=$?
    [ "$got" = "$due" ] || complain "exit status $got, not $due: geowatt $*"
}
# says TEXT: the last command's standard error has it
says() { grep -qF -- "$1" err.txt || complain "standard error does not say: $1"; }
silent() { [ ! -s "$1" ] || complain "$1 is not empty after: $2"; }
absent() { [ ! -e "$1" ] || complain "$1 is there after: $2"; }
# A folder with a result has everything; nothing in it is half a file.
no_result() {
    absent "$1/result.h5" "$2"
    [ -z "$(find "$1" -name '*.tmp*' 2>/dev/null)" ] || complain "temporary files are left after: $2"
}

cat >good.yaml <<'END'
geowatt: 1
name: good
time: { start: 2023-06-01T00:00:00Z, duration: 2 h }
sites:
  - { name: a, place: ashburn, grid: US-MIDA-PJM, pools: [ { node: h100x8, count: 4 } ] }
  - { name: b, place: the-dalles, grid: US-NW-BPAT, pools: [ { node: h100x8, count: 4 } ] }
serving:
  models: [ { llm: llama-2-70b, tensor_parallel: 8 } ]
  demand: [ { origin: us-east, model: llama-2-70b, rate: 5 /s } ]
policies: [ nearest, round-robin ]
END
long="--set time.duration=366d --set serving.demand[0].rate=40"

# --- 0: good; results alone on standard output, nothing on standard error ------------------------

expect 0 run good.yaml -o out
silent err.txt "a good run"
for file in result.h5 scores.csv timing.json scenario.resolved.yaml figures/scores.svg; do
    [ -s "out/$file" ] || complain "out/$file is missing"
done
expect 0 run good.yaml --quiet
silent out.txt "--quiet"
expect 0 --help
expect 0 run --help
expect 0 --version
expect 0 check good.yaml
expect 0 plot out/result.h5 -o figures

expect 0 run good.yaml --json
silent err.txt "--json"
if command -v python3 >/dev/null; then
    python3 -c 'import json, sys; json.load(sys.stdin)' <out.txt || complain "--json is no JSON"
fi
expect 0 run good.yaml --csv
silent err.txt "--csv"
awk -F, 'NR == 1 { n = NF } NF != n || $1 == "" { exit 1 } END { exit NR != 3 }' out.txt || complain "--csv is no CSV"
cmp -s out.txt out/scores.csv || complain "--csv is not what scores.csv has"

# No colours in a file or a pipe, nor on a terminal where NO_COLOR is set.
escape=$(printf '\033')
expect 0 run good.yaml
grep -q "$escape" out.txt err.txt && complain "escape sequences in a file"
if command -v script >/dev/null && script -qec true /dev/null >tty.txt 2>/dev/null </dev/null; then # needs /dev/ptmx
    NO_COLOR=1 script -qec "'$geowatt' run good.yaml" /dev/null >tty.txt </dev/null
    grep -q "${escape}\[[0-9;]*m" tty.txt && complain "colours in spite of NO_COLOR"
fi

# No home and no network are needed.
env -i HOME=/nonexistent "$geowatt" run good.yaml -o homeless >/dev/null 2>err.txt || complain "a run without HOME"
if unshare -rn true 2>/dev/null; then
    unshare -rn "$geowatt" run good.yaml -q 2>err.txt || complain "a run without network"
fi

# Paths are relative to the file that names them, wherever the command is called.
mkdir -p deep/parts
sed 's|grid: US-NW-BPAT|grid: { file: { path: parts/grid.csv, carbon: ci_gco2_per_kwh, price: usd_per_mwh, water_l_per_kwh: 1 } }|' \
    good.yaml >deep/traced.yaml
awk 'BEGIN {
    print "time_utc,ci_gco2_per_kwh,usd_per_mwh"
    for (h = 0; h < 72; h++) printf "2023-05-%02dT%02d:00:00Z,%d,40\n", 31 + int(h / 24), h % 24, 200 + h
}' | sed 's/2023-05-32/2023-06-01/; s/2023-05-33/2023-06-02/' >deep/parts/grid.csv
printf 'include: traced.yaml\nname: including\n' >deep/including.yaml
expect 0 run deep/including.yaml -q -o traced
(cd deep/parts && "$geowatt" run ../including.yaml -q) 2>err.txt || complain "a run from another folder"
sed '/2023-06-01T02/,$d' deep/parts/grid.csv >short.csv # ends with the scored time, while requests are still served
mv short.csv deep/parts/grid.csv
expect 3 run deep/traced.yaml -q
says 'while site "b" was still at work: shorten time.drain, or give a longer trace'
expect 0 run deep/traced.yaml -q --set time.drain=none
rm -r deep
expect 0 run traced/result.h5 -q # what it embeds is enough

# --- 1: a comparison missed ----------------------------------------------------------------------

expect 0 run good.yaml --seed 2 -q -o other
expect 1 compare out/result.h5 other/result.h5 --same
expect 0 compare out/result.h5 out/result.h5 --same

# --- 2: usage and bad input; nothing written -----------------------------------------------------

expect 2
expect 2 nonsense
says 'there is no command "nonsense"'
expect 2 rum
says 'did you mean "run"?'
expect 2 help rum
expect 2 run
expect 2 run good.yaml good.yaml
expect 2 run good.yaml --ouput x
says 'did you mean "--output"?'
expect 2 run good.yaml --output
expect 2 run good.yaml --quiet=yes
expect 2 run missing.yaml
says 'missing.yaml: cannot be read: No such file or directory'
expect 2 run .
says 'is a folder'
expect 2 run good.yaml --seed -1
expect 2 run good.yaml --seed 1.5
expect 2 run good.yaml -j 0
expect 2 run good.yaml -j many
expect 2 run good.yaml --json --csv
expect 2 run good.yaml --policy nope
says 'there is no policy "nope"'
expect 2 run good.yaml --policy ''
expect 2 run good.yaml --set seed
says 'expected `path=value`'
expect 2 run good.yaml --set sead=7
says 'did you mean `seed`?'
expect 2 run good.yaml --set 'sites[7].name=x'
expect 2 run good.yaml --set 'time.epoch=[15'
expect 2 run good.yaml --set 'output.figures=[scors]' -o never
says 'there is no figure "scors" (did you mean "scores"?)'
expect 2 check good.yaml --set 'output.figures=[scors]'
absent never "bad input"
printf 'geowatt: 1\nname: [\n' >bad.yaml
expect 2 run bad.yaml -o never
silent out.txt "bad input"
absent never "bad input"
expect 2 explain sitse
expect 2 list nothing
expect 2 probe serving --llm nothing
expect 0 probe cooling --plant '{ plant: wc-wse, cycles: 4 }' --dry-bulb 10C,30C --csv
expect 2 probe cooling --plant nothing
expect 2 probe cooling --rh 2
expect 0 probe training --accelerators 64,128 --csv
expect 2 probe training --mfu 0.4 --tflops 100
expect 2 probe training --recompute sometimes
expect 2 plot out/scores.csv
says 'is no result of geowatt'
expect 2 new ''
expect 0 new study
cp study.yaml kept.yaml
expect 2 new study
cmp -s study.yaml kept.yaml || complain "new wrote over a file"

size=$(wc -c <out/result.h5)
for part in 0 1 100 $((size / 2)) $((size - 1)); do
    head -c "$part" out/result.h5 >cut.h5
    expect 2 run cut.h5
    expect 2 plot cut.h5
    expect 2 compare cut.h5 out/result.h5
done
cp out/result.h5 changed.h5
printf 'not what was sealed' | dd of=changed.h5 bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
expect 2 run changed.h5
says 'its checksum does not fit'

# --- 3: some runs failed; the others are printed and written --------------------------------------

"$compiler" -std=c17 -D_POSIX_C_SOURCE=200809L -fPIC -shared -I"$source" "$source/tests/plugins/broken.c" -o broken.so ||
    complain "the plug-in does not build"
sed 's/^policies.*/policies: [ nearest, { plugin: broken.so, how: refuses, name: bad }, round-robin ]/' good.yaml >mixed.yaml
expect 3 run mixed.yaml -o mixed
says 'policy bad, replication 0 failed: bad: its plan failed: no site is good enough'
for policy in nearest round-robin; do
    grep -q "^$policy,0,ok," mixed/scores.csv || complain "scores.csv lacks $policy"
    grep -q "^$policy " out.txt || complain "the table lacks $policy"
done
grep -q "^bad,0,policy broke its contract,false," mixed/scores.csv || complain "scores.csv lacks the failed run"
[ -s mixed/result.h5 ] || complain "mixed/result.h5 is missing"

# --- 70: not the user's fault ----------------------------------------------------------------------

if [ -z "$sanitized" ]; then # sanitizers reserve address space by the terabyte
    (
        ulimit -v 120000
        "$geowatt" run good.yaml --set replications=100000 --set time.drain=none -j 1 -o never >out.txt 2>err.txt
    )
    got=$?
    [ $got = 70 ] || complain "exit status $got, not 70, without memory"
    says 'out of memory'
    absent never "running out of memory"
fi

# --- 74: output could not be written ----------------------------------------------------------------

if [ -c /dev/full ]; then
    for words in "run good.yaml" "run good.yaml --json" "check good.yaml" "list policies" "explain" "--help"; do
        # shellcheck disable=SC2086 # words
        "$geowatt" $words >/dev/full 2>err.txt
        got=$?
        [ $got = 74 ] || complain "exit status $got, not 74: geowatt $words >/dev/full"
        says 'standard output could not be written'
    done
fi
"$geowatt" list policies 2>err.txt | true # a reader that leaves early is no crash

expect 74 run good.yaml -o good.yaml
says 'good.yaml: folder cannot be created'
silent out.txt "an output that is no folder: the run did not begin"
expect 74 run good.yaml -o good.yaml/below
expect 74 run good.yaml -o ''
if [ "$(id -u)" = 0 ]; then # who may write everywhere but where nobody can
    [ ! -r /proc/self/stat ] || expect 74 run good.yaml -o /proc/geowatt
else
    mkdir locked && chmod 555 locked
    expect 74 run good.yaml -o locked
    expect 74 run good.yaml -o locked/below
    expect 74 new locked/study
fi
(
    ulimit -f 8
    "$geowatt" run good.yaml -o limited >out.txt 2>err.txt
)
got=$?
[ $got = 74 ] || complain "exit status $got, not 74, with files limited to 4 KiB"
no_result limited "a file too large"
mkdir small
# Without /proc umount does not find what was mounted.
if [ -r /proc/self/mountinfo ] && mount -t tmpfs -o size=16k none small 2>/dev/null; then
    mounted="$work/small"
    expect 74 run good.yaml -o small/full
    says 'No space left on device'
    no_result small/full "a full disk"
    umount small || umount -l small || complain "the full disk cannot be unmounted"
    mounted=""
fi

# --- 75: interrupted; nothing written ----------------------------------------------------------------

for signal in INT TERM; do
    # shellcheck disable=SC2086 # words
    "$geowatt" run good.yaml $long -o never >out.txt 2>err.txt &
    pid=$!
    sleep 1
    kill -$signal $pid
    wait $pid
    got=$?
    [ $got = 75 ] || complain "exit status $got, not 75, after SIG$signal"
    says 'interrupted; nothing was written'
    silent out.txt "SIG$signal"
    absent never "SIG$signal"
done

# Killed at any moment: what stands under its final name is whole.
for delay in 0.05 0.1 0.15 0.2 0.3 0.4; do
    rm -rf killed
    "$geowatt" run good.yaml -q -o killed 2>err.txt &
    pid=$!
    sleep $delay
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    if [ -e killed/scores.csv ]; then
        cmp -s killed/scores.csv out/scores.csv || complain "half a scores.csv"
    fi
    if [ -e killed/result.h5 ]; then
        cmp -s killed/result.h5 out/result.h5 || complain "half a result.h5"
    fi
done

[ -z "$(ls -A "$HOME")" ] || complain "something was written to HOME"
[ $failures = 0 ]
