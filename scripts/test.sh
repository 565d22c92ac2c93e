#!/usr/bin/env bash
# Restores, builds in Release and runs every test project, or only those named: scripts/test.sh Swim.Core.Tests
# Last line: N passed, N failed (, N skipped). Exits 0 only if nothing failed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

readonly RESULTS="$ROOT/artifacts/tests"
passed=0 failed=0 skipped=0

# One attribute of the <Counters> line of a result file; 0 if the file or the line is missing.
counter() {
  local value
  value="$(sed -nE "s/.*<Counters [^>]*\\b$2=\"([0-9]+)\".*/\\1/p" "$1" 2>/dev/null | head -n 1)"
  echo "${value:-0}"
}

# A host that crashed or hung leaves no file, no counts, or only those of the tests before it: each is a failure.
run() {
  local name="$1" trx="$RESULTS/$1.trx" status=0 total executed good bad
  dotnet test "tests/$name/bin/Release/net10.0/$name.dll" --nologo --results-directory "$RESULTS" \
    --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' --blame-hang-timeout 5m || status=$?
  total="$(counter "$trx" total)" executed="$(counter "$trx" executed)" good="$(counter "$trx" passed)"
  bad=$((executed - good))
  if ((total == 0 || (status != 0 && bad == 0))); then
    echo "$name: the test host ended with status $status after $executed tests without a failed one" >&2
    bad=$((bad + 1))
  fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
}

names=("$@")
if ((${#names[@]} == 0)); then
  for project in tests/*/*.Tests.csproj; do names+=("$(basename "$project" .csproj)"); done
fi

scripts/restore.sh
if (($# == 0)); then
  dotnet build Swim.Orchestrator.sln -c Release --no-restore --tl:off -nologo -v:quiet
else
  for name in "${names[@]}"; do dotnet build "tests/$name" -c Release --no-restore --tl:off -nologo -v:quiet; done
fi

rm -rf "$RESULTS"
for name in "${names[@]}"; do run "$name"; done

summary="$passed passed, $failed failed"
if ((skipped > 0)); then summary+=", $skipped skipped"; fi
echo "$summary"
((failed == 0 && passed > 0))
