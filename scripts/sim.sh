#!/usr/bin/env bash
# The simulator: whole clusters on virtual time. Try scripts/sim.sh --help. Builds first if a source is newer than the last build.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"

readonly BEGAN="$ROOT/artifacts/sim.began" ENDED="$ROOT/artifacts/sim.ended" LOG="$ROOT/artifacts/sim.build.log"
readonly COMMAND="$ROOT/src/Swim.Simulation/bin/Release/net10.0/swim-sim.dll"

# As in swim.sh: a file counts from the moment the build began, a folder from its end.
is_stale() {
  [[ ! -f $COMMAND || ! -f $BEGAN || ! -f $ENDED ]] && return
  [[ -n "$(find "$ROOT/src/Swim.Core" "$ROOT/src/Swim.Simulation" "$ROOT/eng" "$ROOT"/Directory.*.props "$ROOT/global.json" \
    -type d \( -name bin -o -name obj \) -prune -o \
    \( -type f -newer "$BEGAN" -o -type d -newer "$ENDED" \) -print -quit)" ]]
}

build() {
  mkdir -p artifacts
  # Several started at once build once.
  if command -v flock >/dev/null; then exec 9>artifacts/sim.lock; flock 9; fi
  is_stale || return 0
  touch "$BEGAN.new"
  { scripts/restore.sh && dotnet build src/Swim.Simulation -c Release --no-restore --tl:off -nologo -v:quiet; } >"$LOG" 2>&1 9>&- || {
    cat "$LOG" >&2
    return 1
  }
  mv "$BEGAN.new" "$BEGAN"
  touch "$ENDED"
}

if is_stale; then (build); fi
exec dotnet "$COMMAND" "$@"
