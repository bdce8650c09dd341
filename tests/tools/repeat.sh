#!/bin/sh
# repeat.sh - the same bytes again: twice, for any number of threads, and from the result's own file.
# Usage: repeat.sh GEOWATT [OTHER_GEOWATT...]: others, differently compiled, have to give the same bytes too.
set -u
geowatt=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

# same FOLDER FOLDER WHAT
same() {
    for file in result.h5 scores.csv; do
        if ! cmp -s "$1/$file" "$2/$file"; then
            echo "FAILED: $file differs: $3" >&2
            failures=$((failures + 1))
        fi
    done
}
# run OUTPUT ARGUMENTS...
run() {
    output=$1
    shift
    "$geowatt" run "$@" -q -o "$output" || {
        echo "FAILED: geowatt run $*" >&2
        failures=$((failures + 1))
    }
}

mkdir -p study/traces
awk 'BEGIN {
    print "time_utc,ci_gco2_per_kwh,usd_per_mwh"
    for (h = 0; h < 72; h++) {
        printf "2023-%s-%02dT%02d:00:00Z,%d,%.1f\n", h < 24 ? "05" : "06", h < 24 ? 31 : int(h / 24), h % 24,
            300 + 250 * sin(h), 40 + 30 * cos(h)
    }
}' >study/traces/grid.csv
cat >study/scenario.yaml <<'END'
geowatt: 1
name: repeated
seed: 7
replications: 3
time: { start: 2023-06-01T00:00:00Z, duration: 2 h, epoch: 15 min, step: 5 min }
sites:
  - { name: traced, place: the-dalles, spare: sleep, pools: [ { node: h100x8, count: 12 } ],
      grid: { file: { path: traces/grid.csv, carbon: ci_gco2_per_kwh, price: usd_per_mwh, water_l_per_kwh: 1 } } }
  - { name: region, place: ashburn, grid: US-MIDA-PJM, pools: [ { node: h100x8, count: 6 }, { node: a100x8, count: 6 } ] }
serving:
  models:
    - { llm: llama-2-70b, tensor_parallel: 8 }
    - { llm: llama-2-7b, tensor_parallel: 1, dispatch: round-robin }
  demand:
    - { origin: us-east, model: llama-2-70b, rate: 15 /s, shape: business, slo: { ttft: 2 s, tpot: 100 ms } }
    - { origin: us-west, model: llama-2-7b, rate: 10 /s, lengths: azure-code }
policies: [ nearest, round-robin, greedy-carbon ]
END

run first study/scenario.yaml
run again study/scenario.yaml
same first again "the second run"
for threads in 1 2 8; do
    run "j$threads" study/scenario.yaml -j "$threads"
    same first "j$threads" "$threads threads"
done

mkdir elsewhere # the result alone has to be enough
cp first/result.h5 elsewhere/kept.h5
mv study away
run repeated elsewhere/kept.h5
same first repeated "a run repeated from its result"
mv away study

# One run of many requests: threads share its sites.
wide="--policy round-robin --set replications=1 --set time.duration=30min"
# shellcheck disable=SC2086 # words
{
    run alone study/scenario.yaml $wide -j 1
    run shared study/scenario.yaml $wide -j 8
}
same alone shared "sites shared by threads"

first=$geowatt
for other in "$@"; do
    geowatt=$other
    run other study/scenario.yaml
    same first other "$other against $first"
done
[ $failures = 0 ]
