#!/usr/bin/env bash
# The swim command from source: scripts/swim.sh node --data /tmp/n1. Builds first if a source is newer than the last build.
# Standard output, signals and the exit code are the command's own; relative paths are relative to the caller.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"

readonly BEGAN="$ROOT/artifacts/swim.began" ENDED="$ROOT/artifacts/swim.ended" LOG="$ROOT/artifacts/swim.build.log"
readonly COMMAND="$ROOT/src/Swim.Cli/bin/Release/net10.0/swim.dll"

# A file counts from the moment the build began. A folder, which alone changes when a file is deleted, counts
# from its end, since the first build puts bin/ and obj/ into folders.
is_stale() {
  [[ ! -f $COMMAND || ! -f $BEGAN || ! -f $ENDED ]] && return
  [[ -n "$(find "$ROOT/src" "$ROOT/protos" "$ROOT/eng" "$ROOT"/Directory.*.props "$ROOT/global.json" \
    -type d \( -name bin -o -name obj \) -prune -o \
    \( -type f -newer "$BEGAN" -o -type d -newer "$ENDED" \) -print -quit)" ]]
}

build() {
  cd "$ROOT"
  mkdir -p artifacts
  # Several started at once build once.
  if command -v flock >/dev/null; then exec 9>artifacts/swim.lock; flock 9; fi
  is_stale || return 0
  touch "$BEGAN.new"
  { scripts/restore.sh && dotnet build src/Swim.Cli -c Release --no-restore --tl:off -nologo -v:quiet; } >"$LOG" 2>&1 9>&- || {
    cat "$LOG" >&2
    return 1
  }
  mv "$BEGAN.new" "$BEGAN"
  touch "$ENDED"
}

# For commands that are shown to be typed.
export SWIM_COMMAND="$0"
if is_stale; then (build); fi
exec dotnet "$COMMAND" "$@"
