#!/usr/bin/env bash
# A benchmark on one node, then on three that replicate:
#   scripts/bench.sh workflow [SECONDS per level, default 10]    small workflows of tasks that do nothing, 1, 64 and 200 in flight
#   scripts/bench.sh speedup                                     tasks of 100 ms side by side, one workflow at a time
#   scripts/bench.sh state [PART...]                            bytes of repair, merging, durable writes, healing, recovery of 1 M cells; starts no node
#                                                               parts: cells, orset, durable, paced, heal, recovery
#   scripts/bench.sh ring                                        how evenly buckets are shared, what a join moves, how long a ring takes; starts no node
#   scripts/bench.sh gossip                                      rounds and messages until everybody has a write; starts no node
#   scripts/bench.sh membership                                  5 and 32 nodes as processes beside as many of Debian's serf: joining, finding the dead, cost at rest
# The last line of standard output is one JSON object. Exits 1 if a target is missed, 2 for an unknown name.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
cd "$ROOT"

readonly NAME="${1:-}" SECONDS_EACH="${2:-10}"
[[ $NAME == workflow || $NAME == speedup || $NAME == state || $NAME == gossip || $NAME == ring || $NAME == membership ]] || { echo "usage: scripts/bench.sh workflow [SECONDS] | speedup | state | gossip | ring | membership" >&2; exit 2; }

# In the checkout, since /tmp is memory on many machines and a log in memory proves nothing.
mkdir -p artifacts/bench
WORK="$(mktemp -d "$ROOT/artifacts/bench/XXXXXX")"
trap 'stop_nodes; rm -rf "$WORK"' EXIT

scripts/swim.sh --version
dotnet build tests/Swim.Benchmarks -c Release --no-restore --tl:off -nologo -v:quiet >&2
COMMIT="$(git describe --always --dirty 2>/dev/null || echo unknown)"
# The one that is installed, or that of Debian, unpacked into a folder; nothing is installed.
find_serf() {
  if command -v serf; then return; fi
  local folder="$ROOT/artifacts/serf"
  if [[ ! -x $folder/usr/bin/serf ]]; then
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -qq serf && dpkg -x serf_*.deb .) >&2 || return 0
  fi
  echo "$folder/usr/bin/serf"
}
if [[ $NAME == membership ]]; then
  serf="$(find_serf)"
  if [[ -z $serf ]]; then echo "no serf to compare with: neither installed nor to be had from Debian" >&2; fi
  dotnet tests/Swim.Benchmarks/bin/Release/net10.0/swim-bench.dll membership "$COMMIT" "$WORK" "$ROOT/src/Swim.Cli/bin/Release/net10.0/swim.dll" ${serf:+"$serf"}
  exit
fi
if [[ $NAME == gossip || $NAME == ring ]]; then
  dotnet tests/Swim.Benchmarks/bin/Release/net10.0/swim-bench.dll "$NAME" "$COMMIT"
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
