#!/usr/bin/env bash
# A benchmark: scripts/bench.sh workflow [SECONDS per level, default 10]
# The last line of standard output is one JSON object. Exits 1 if a target is missed, 2 for an unknown name.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
cd "$ROOT"

readonly NAME="${1:-}" SECONDS_EACH="${2:-10}"
[[ $NAME == workflow ]] || { echo "usage: scripts/bench.sh workflow [SECONDS]" >&2; exit 2; }

# In the checkout, since /tmp is memory on many machines and a log in memory proves nothing.
mkdir -p artifacts/bench
WORK="$(mktemp -d "$ROOT/artifacts/bench/XXXXXX")"
trap 'stop_nodes; rm -rf "$WORK"' EXIT

scripts/swim.sh --version
dotnet build tests/Swim.Benchmarks -c Release --no-restore --tl:off -nologo -v:quiet >&2
COMMIT="$(git describe --always --dirty 2>/dev/null || echo unknown)"
start_node bench --cluster bench --grpc-port 0 --http-port 0 --udp-port 0 --log-level warning
wait_ready bench
dotnet tests/Swim.Benchmarks/bin/Release/net10.0/swim-bench.dll workflow "${NODE_GRPC[bench]}" "$WORK" "$COMMIT" "$SECONDS_EACH"
