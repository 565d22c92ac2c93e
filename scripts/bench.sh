#!/usr/bin/env bash
# A benchmark on one node, then on three that replicate:
#   scripts/bench.sh workflow [SECONDS per level, default 10]    small workflows of tasks that do nothing, 1, 64 and 200 in flight
#   scripts/bench.sh speedup                                     tasks of 100 ms side by side, one workflow at a time
#   scripts/bench.sh state [PART...]                            bytes of repair, merging, durable writes, healing, recovery of 1 M cells; starts no node
#                                                               parts: cells, orset, durable, heal, recovery
#   scripts/bench.sh gossip                                      rounds and messages until everybody has a write; starts no node
# The last line of standard output is one JSON object. Exits 1 if a target is missed, 2 for an unknown name.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
cd "$ROOT"

readonly NAME="${1:-}" SECONDS_EACH="${2:-10}"
[[ $NAME == workflow || $NAME == speedup || $NAME == state || $NAME == gossip ]] || { echo "usage: scripts/bench.sh workflow [SECONDS] | speedup | state | gossip" >&2; exit 2; }

# In the checkout, since /tmp is memory on many machines and a log in memory proves nothing.
mkdir -p artifacts/bench
WORK="$(mktemp -d "$ROOT/artifacts/bench/XXXXXX")"
trap 'stop_nodes; rm -rf "$WORK"' EXIT

scripts/swim.sh --version
dotnet build tests/Swim.Benchmarks -c Release --no-restore --tl:off -nologo -v:quiet >&2
COMMIT="$(git describe --always --dirty 2>/dev/null || echo unknown)"
if [[ $NAME == gossip ]]; then
  dotnet tests/Swim.Benchmarks/bin/Release/net10.0/swim-bench.dll gossip "$COMMIT"
  exit
fi
if [[ $NAME == state ]]; then
  dotnet tests/Swim.Benchmarks/bin/Release/net10.0/swim-bench.dll state "$COMMIT" "$WORK" "${@:2}"
  exit
fi

ports=(--grpc-port 0 --http-port 0 --udp-port 0 --log-level warning)
start_node alone --cluster bench1 "${ports[@]}"
start_node n0 --cluster bench3 "${ports[@]}"
wait_ready alone
wait_ready n0
for name in n1 n2; do start_node "$name" --cluster bench3 "${ports[@]}" --seeds "${NODE_GRPC[n0]}"; done
for name in n1 n2; do wait_ready "$name"; done
dotnet tests/Swim.Benchmarks/bin/Release/net10.0/swim-bench.dll "$NAME" "${NODE_GRPC[alone]}" "${NODE_GRPC[n0]}" "$WORK" "$COMMIT" "$SECONDS_EACH"
