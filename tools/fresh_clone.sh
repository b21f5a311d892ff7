#!/bin/sh
# Would a stranger's clone work? Clones the last commit to a temporary folder and runs a command there
# (`make test` unless told otherwise), so that nothing left on this machine can help.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT INT TERM
git clone --quiet --no-local "$root" "$place/veche"
cd "$place/veche"
[ $# -gt 0 ] || set -- make test
"$@"
