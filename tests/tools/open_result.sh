#!/bin/sh
# open_result.sh - programs that are not ours open a result file unaided: ncdump and, from Python, xarray, netCDF4 and
# h5py, each when it is installed. Usage: open_result.sh WRITE_SAMPLE_RESULT. Status 77, "skipped", when there is none of them.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
result=$folder/result.h5
"$1" "$result" || exit 1
opened=0 failed=0

# expect TEXT FILE: a line of the file, without the blanks around it
expect() {
    sed 's/^[[:space:]]*//; s/[[:space:]]*$//' "$2" | grep -qxF -- "$1" || {
        echo "ncdump does not show: $1"
        failed=1
    }
}

if command -v ncdump >/dev/null; then
    opened=1
    if ncdump -t "$result" >"$folder/dump"; then
        expect 'policy = 3 ;' "$folder/dump"
        expect 'double carbon_kgco2(policy, replication) ;' "$folder/dump"
        expect 'carbon_kgco2:units = "kgCO2" ;' "$folder/dump"
        expect 'double site_import_kwh(policy, replication, site) ;' "$folder/dump"
        expect 'double sent_frac(policy, replication, demand, site) ;' "$folder/dump"
        expect 'double import_kwh(policy, replication, site, time) ;' "$folder/dump"
        expect 'time = "2023-06-01", "2023-06-01 00:15", "2023-06-01 00:30",' "$folder/dump"
        expect 'policy = "nearest", "slït, \"quoted\"", "lp-carbon" ;' "$folder/dump"
        expect '2000, _ ;' "$folder/dump" # the run that failed
        expect ':Conventions = "CF-1.10" ;' "$folder/dump"
        echo "ncdump: opened"
    else
        failed=1
    fi
else
    echo "ncdump: not installed"
fi

# The python of the distribution may know modules that another one before it in the path does not.
for python in python3 /usr/bin/python3; do
    command -v "$python" >/dev/null || continue
    "$python" "$here/open_result.py" "$result"
    case $? in
    0) opened=1 && break ;;
    77) ;;
    *) failed=1 opened=1 && break ;;
    esac
done

[ $failed -eq 0 ] || exit 1
[ $opened -eq 1 ] || exit 77
