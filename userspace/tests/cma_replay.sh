#!/bin/sh
# SPDX-License-Identifier: MIT
# cmascope replay by its command line, and a sweep over two "machines" with GNU parallel.
# Usage: userspace/tests/cma_replay.sh CMASCOPE. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

cmascope=$(realpath "$1")
top=$(dirname "$0")/../..
# As leaks.c does: fontconfig, below cairo, keeps caches until exit.
echo leak:libfontconfig.so >"$work/leaks"
export LSAN_OPTIONS="suppressions=$work/leaks:print_suppressions=0"

# replay OPTION...: sets $status, leaves $work/json and $work/log.
replay() {
	status=0
	rm -f "$work/json"
	"$cmascope" replay --json "$work/json" "$@" >"$work/log" 2>&1 || status=$?
}

# advice NAME: a member of the last run's first advice.
advice() {
	sed -n '/"advice"/,$p' "$work/json" | sed -n "s/^ *\"$1\": *\([^,]*\),*\$/\1/p" | head -n 1
}

# holds DESCRIPTION PATTERN: a line of the last run's output matches.
holds() {
	report "$1" "$(grep -q -- "$2" "$work/log" && echo 0 || echo 1)" "$work/log"
}

# same DESCRIPTION FILE FILE
same() {
	report "$1" "$(cmp -s "$2" "$3" && echo 0 || echo 1)" "$2"
}

# refuses STATUS PATTERN OPTION...: that status, and a message like that.
refuses() {
	expected=$1 pattern=$2
	shift 2
	replay "$@"
	expect "refuses $*" "$status" = "$expected"
	holds "refuses $*: says why" "$pattern"
}

many='--workload imx6 --allocations 300 --runs 6 --size 48M-96M/24M --align asked,0,10
	--policy first-fit,next-fit,best-fit,two-ends --busy 0.01'
# shellcheck disable=SC2086 # a list
{
	replay $many --jobs 1
	mv "$work/json" "$work/one"
	replay $many --jobs 7
	same "the result does not depend on the number of threads" "$work/one" "$work/json"
	expect "every size, alignment and policy: a row" "$(grep -c '"policy"' "$work/json")" = 36
}

replay --workload imx6 --allocations 400 --size 64M --advise --risk 0.02 --seed 5 --memory 1G --unmovable 100M
expect "advice: exit status" "$status" = 0
expect "advice: a size was found" "$(value found)" = true
expect "advice: 64 MiB held need more" "$(value tried_pages)" -gt 16384
# 1 - 0.005^(1/n) is 0.02 for 263 runs; 228 would do if no other size had been tried.
expect "advice: as many runs as risk and confidence ask for" "$(advice runs)" -ge 263
expect "advice: the share that they prove" "$(advice failed_runs_share_at_most | cut -c 1-4)" = 0.01
advised=$(sed -n 's/.*smallest CMA without a failure is \([0-9]*\).*/\1/p' "$work/log")
expect "advice: 64 MiB are not enough, 160 are too many" "$advised" -gt 64 -a "$advised" -lt 160
expect "ordinary memory: 1 GiB - 100 MiB - 4 MiB" "$(value cma_limit_kb)" = $((1048576 - 102400 - 4096))
replay --workload imx6 --allocations 400 --size "${advised}M" --seed 900000 --runs 300
expect "advice: of 300 other runs next to none fails" "$(value failed_runs)" -le 15
replay --workload loop56 --size 56M --advise --memory 64M --unmovable 20M --allocations 560
expect "advice: the loop of 56 MB needs 56 MB" "$(advice pages)" = 14336
expect "advice: more than ordinary memory can spare" "$(value ordinary_memory_starves)" = true
replay --workload triple --size 56M --advise --busy 1 --allocations 50
expect "no advice: exit status" "$status" = 1
expect "no advice: not found" "$(value found)" = false

printf 'MemTotal: 262144 kB\nSUnreclaim: 20000 kB\nVmallocUsed: 1000 kB\n' >"$work/meminfo"
replay --workload loop56 --allocations 56 --meminfo "$work/meminfo"
expect "meminfo of another machine" "$(value cma_limit_kb)" = $((262144 - 21000 - 2048))

replay --workload desktop --allocations 200 --runs 1 --plot "$work/plot.svg"
expect "plot: exit status" "$status" = 0
expect "plot: SVG" "$(head -c 5 "$work/plot.svg")" = "<?xml"
replay --workload desktop --allocations 200 --runs 1 --plot "$work/plot.png" --advise
expect "plot: PNG" "$(head -c 4 "$work/plot.png" | tail -c 3)" = PNG

refuses 2 "either a trace or --workload"
refuses 2 "is not a workload" --workload none
refuses 2 "is not a list of up to 256 sizes" --workload imx6 --size 64M-32M/1M
refuses 2 "is not a list of up to 256 sizes" --workload imx6 --size 1-100000/1
refuses 2 "is not a list of up to 256 sizes" --workload imx6 --size 0
refuses 2 "is not a list of policies" --workload imx6 --policy worst-fit
refuses 2 "is not a list of" --workload imx6 --align 31
refuses 2 "is not a probability" --workload imx6 --busy 1.5
refuses 2 "ends neither in .svg nor in .png" --workload imx6 --plot x.pdf
refuses 2 "simulates nothing" --sum --advise "$work/json"
refuses 2 "leave out --size" --sum --size 64M "$work/json"
refuses 2 "leave out --seed" --sum --seed 3 "$work/json"
refuses 3 "no-such-trace" "$work/no-such-trace"
refuses 3 "cannot write" --workload imx6 --allocations 9 --plot "$work/no-such/x.png"
head -c 4096 /dev/urandom >"$work/noise"
replay "$work/noise"
expect "refuses noise as a trace" "$status" = 3
refuses 3 "is no result" --sum "$work/noise"
echo '[{"source":{"workload":"imx6","page_size":4096},"rows":[{"pages":-1,"policy":7}]}]' >"$work/bad"
refuses 3 "is no result" --sum "$work/bad"
echo '[1,{},[]]' >"$work/bad"
refuses 3 "is no result" --sum "$work/bad"

if ! command -v parallel >/dev/null; then
	n=$((n + 1))
	echo "ok $n - sweep # SKIP GNU parallel is missing"
	finish
fi

# Two machines that are this one.
export MACHINES="$work/hosts"

# sweep OPTION...: sets $status, leaves $work/sweep and $work/log.
sweep() {
	status=0
	rm -f "$work/sweep"
	"$top/scripts/cma-sweep" --ssh "$top/scripts/tests/ssh" --output "$work/sweep" "$@" >"$work/log" 2>&1 || status=$?
}

sweep --hosts 1/alpha,1/beta --program "$cmascope" --size 64M,80M-96M/16M --runs 12 --chunk 5 -- \
	--workload imx6 --allocations 300
expect "sweep: exit status" "$status" = 0
expect "sweep: both machines worked" "$(sort -u "$work/hosts" | tr '\n' ' ')" = "alpha beta "
replay --sum "$work/sweep"
mv "$work/json" "$work/summed"
mv "$work/log" "$work/summed.log"
replay --workload imx6 --allocations 300 --runs 12 --size 64M,80M-96M/16M
same "sweep: the sum is what one machine finds" "$work/summed" "$work/json"
same "sweep: the table, too" "$work/summed.log" "$work/log"
sweep --hosts 1/alpha,: --program "$cmascope" --size 64M --runs 4 --chunk 2 -- --workload desktop --allocations 90
expect "sweep: with this machine among them" "$(grep -c '"source"' "$work/sweep")" = 2
{
	sed '$d' "$work/sweep"
	echo ,
	cat "$work/summed"
	echo ']'
} >"$work/mixed"
refuses 3 "adds up different replays" --sum "$work/mixed"
sweep --hosts 1/alpha --program /bin/false --size 64M --runs 1 -- --workload imx6
expect "sweep: a job that fails everywhere" "$status" = 2
expect "sweep: leaves no result" ! -e "$work/sweep"
finish
