# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The cache and what is built into it; sourced by the other scripts.
#
# Everything that is expensive and does not depend on the driver lives outside the work tree, in
# ${XDG_CACHE_HOME:-~/.cache}/vdc, under names that contain a hash of what it was made from. An
# entry is complete when its .done file exists; a lock keeps two builders from meeting.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:?or XDG_CACHE_HOME says where the cache is}/.cache}/vdc
# shellcheck disable=SC2034 # for those who source this
BUILD=${VDC_BUILD:-$TOP/build}
mkdir -p "$CACHE"

# say TEXT: progress, on stderr so that stdout carries results only.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die TEXT: end with an error.
die() { printf '%s: error: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# hash: a short key of what comes in on stdin.
hash() { sha256sum | cut -c1-12; }

# lock_file FILE: wait for the only right to what FILE stands for; held until the process ends.
lock_file() {
	exec {LOCK_FD}>"$1"
	if ! flock -n "$LOCK_FD"; then
		say "waiting for another build of $(basename "$1" .lock)"
		flock "$LOCK_FD"
	fi
}

# lock NAME: the same for an entry of the cache.
lock() { lock_file "$CACHE/$1.lock"; }

# unlock: give the right back before the process ends.
unlock() { exec {LOCK_FD}>&-; }

# step LOG TEXT COMMAND...: run COMMAND with its output in LOG; show the end of it if it fails.
step() {
	local log=$1 text=$2 t=$SECONDS
	shift 2
	say "$text ..."
	if ! "$@" >>"$log" 2>&1 </dev/null; then
		tail -n 40 "$log" >&2
		die "$text failed; the whole log is in $log"
	fi
	say "$text: $((SECONDS - t)) s"
}

# source_package NAME VERSION DIR: download the files of a Debian source package into DIR without
# touching the system's apt configuration or state.
source_package() {
	local name=$1 version=$2 dir=$3 state=$CACHE/apt-source
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$dir"
	source_lists >"$state/src.list"
	local opt=(-o "Dir::Etc::sourcelist=$state/src.list" -o Dir::Etc::sourceparts=-
		-o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache"
		-o APT::Sandbox::User=root)
	apt-get "${opt[@]}" -q update
	(cd "$dir" && apt-get "${opt[@]}" -q source --download-only "$name=$version")
}

# source_lists: the deb-src line for each archive this machine already gets its packages from.
source_lists() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(SIGNED_BY) $(ORIGIN)' \
		'Created-By: Packages' |
	while read -r uri suite component key origin; do
		[[ $origin == *Debian* || $origin == *Ubuntu* || $key == *Debian* ]] || continue
		if [[ $key == /* ]]; then
			echo "deb-src [signed-by=$key] $uri $suite $component"
		else
			echo "deb-src $uri $suite $component"
		fi
	done | sort -u
}
