#!/usr/bin/env bash
# Everything that must hold before a change is shared, cheapest first; the tests come last and say their counts last.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

step() {
  local started=$SECONDS what="$1"
  shift
  echo "== $what"
  "$@"
  echo "== $what: $((SECONDS - started)) s"
}

# Only layout needs this tool: the build itself enforces code style and analyzers. Without loading projects it takes seconds.
formatted() { dotnet format whitespace . --folder --verify-no-changes --exclude '**/obj/**' '**/bin/**' artifacts .standins --verbosity quiet; }

# What could not be shown on this machine: said at once, and again before the tests.
not_run=()
# may_lack_means WHAT COMMAND...: 77 from the command says that this machine cannot run it.
may_lack_means() {
  local status=0 what="$1"
  shift
  "$@" || status=$?
  if ((status == 77)); then not_run+=("$what"); else return "$status"; fi
}

step "restore" scripts/restore.sh
step "format" formatted
step "build, warnings are errors" dotnet build Swim.Orchestrator.sln -c Release --no-restore --tl:off -nologo -v:quiet

# --- Whole clusters, as far as they exist in this checkout; each is a script that exits 0 only if all held.
if [[ -x scripts/sim.sh ]]; then step "200 simulated clusters" scripts/sim.sh --seeds 1-200 --nodes 8; fi
step "20 simulated clusters of 100 nodes" scripts/sim.sh --seeds 1-20 --nodes 100
for scenario in calm crash-10 detect paused reuse cut-1m; do step "membership alone: $scenario" scripts/sim.sh --membership "$scenario"; done
if [[ -x scripts/foreign.sh ]]; then step "clients of other languages" scripts/foreign.sh; fi
step "documents as written" scripts/docs.sh
step "client library as a package" scripts/package.sh
step "a Prometheus that scrapes a node" may_lack_means prometheus scripts/prometheus.sh
step "five containers" may_lack_means containers scripts/containers.sh
if [[ -x scripts/demo.sh ]]; then step "demo" scripts/demo.sh; fi
# kill-loop kills one node, two and all of them, as kill and restart-all do; `chaos/run.sh --all` runs those too, and partition-majority.
for scenario in kill-loop pause power-loss disk-full partition-symmetric; do
  step "chaos: $scenario" may_lack_means "chaos $scenario" chaos/run.sh "$scenario" --seconds 2
done
# ---

for what in "${not_run[@]}"; do echo "== NOT RUN on this machine, and not counted as passed: $what"; done
scripts/test.sh
