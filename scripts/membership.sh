#!/usr/bin/env bash
# Writes the tables of docs/MEMBERSHIP.md anew: runs every scenario of the membership yardstick with every detector (about ten minutes
# on one core). With --full also the whole of Lifeguard's sweep in place of some cells (some minutes more).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

readonly PAGE=docs/MEMBERSHIP.md MARK='<!-- Below this line scripts/membership.sh writes. -->'
new="$(mktemp)"
trap 'rm -f "$new"' EXIT

sed "/^$MARK\$/q" "$PAGE" >"$new"
[[ $(tail -n 1 "$new") == "$MARK" ]] || { echo "membership.sh: $PAGE has no line '$MARK'" >&2; exit 1; }
{ echo; scripts/sim.sh --membership tables "$@"; } >>"$new"
cat "$new" >"$PAGE"
