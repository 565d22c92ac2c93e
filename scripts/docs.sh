#!/usr/bin/env bash
# Holds the documents to their word: every relative link leads somewhere, and what README, QUICKSTART and the samples tell a reader to
# type does what they say. Each document runs as written, ports included, where namespaces are allowed in a network, a /tmp and process
# ids of its own; elsewhere on this machine as it is.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

readonly RUNNABLE=(README.md docs/QUICKSTART.md docs/HTTP.md samples/*/README.md)
PYTHON=/usr/bin/python3
[[ -x $PYTHON ]] || PYTHON=python3
command -v curl >/dev/null || { echo "docs.sh needs curl: install it" >&2; exit 1; }

ISOLATED=(unshare --map-root-user --net --mount --pid --fork --kill-child --mount-proc)
# shellcheck disable=SC2016 -- of the inner shell. A checkout below /tmp stays where it is.
FRESH='set -e; ip link set lo up; here="$PWD"; mount --bind "$here" /mnt; mount -t tmpfs tmpfs /tmp; [[ $here/ != /tmp/* ]] || { mkdir -p "$here"; mount --bind /mnt "$here"; }; cd "$here"'
alone() {
  if "${ISOLATED[@]}" true 2>/dev/null; then
    "${ISOLATED[@]}" bash -c "$FRESH"' && exec "$@"' alone "$@"
  else
    "$@"
  fi
}

"$PYTHON" eng/doc_blocks.py links
# What is built here need not be built in there, where nothing can be fetched.
scripts/swim.sh --version
# What the documents leave out, whatever context is in use on this machine.
export SWIM_SERVER=127.0.0.1:7400
failed=()
for document in "${RUNNABLE[@]}"; do
  alone "$PYTHON" eng/doc_blocks.py run "$document" || failed+=("$document")
done
if ((${#failed[@]} > 0)); then
  echo "docs: not as written: ${failed[*]}" >&2
  exit 1
fi
echo "docs: all as written"
