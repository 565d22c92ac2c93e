#!/usr/bin/env bash
# Stock clients of other languages against a live node: Python's grpcio (stubs made from protos/ by Debian's own tools), Node.js'
# @grpc/grpc-js and @msgpack/msgpack, curl. Installs them where they are missing and this user may. Each case says ok or FAILED with its
# name; exits 0 only if every case of every client held.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
source "$ROOT/eng/foreign.sh"
cd "$ROOT"

readonly CLUSTER=foreign CLIENTS="$ROOT/tests/foreign"
need_clients python_client curl node
make_python_stubs
npm ci --prefix "$CLIENTS/node" --ignore-scripts --no-audit --no-fund --loglevel error

WORK="$(mktemp -d)"
trap 'stop_nodes; rm -rf "$WORK"' EXIT
scripts/swim.sh --version
start_node foreign --cluster "$CLUSTER" --grpc-port 0 --http-port 0 --udp-port 0
wait_ready foreign
GRPC="${NODE_GRPC[foreign]}"
HTTP="$(sed -nE 's/^ready .*\bhttp=([^ ]+).*/\1/p' "$WORK/foreign.out")"

failed=()
# client NAME COMMAND...: runs one client; the others run whatever becomes of it.
client() {
  local name="$1"
  shift
  "$@" || failed+=("$name")
}

client grpcio python_client client.py "$GRPC" "$(node "$CLIENTS/node/cluster-id.js" $CLUSTER)"
client curl timeout 120 "$CLIENTS/curl/client.sh" "$HTTP"
# Last: it makes itself known to the node as a member.
client node timeout 120 node "$CLIENTS/node/client.js" "$GRPC" $CLUSTER "$WORK/foreign"

if ((${#failed[@]} > 0)); then
  echo "foreign clients: cases of ${failed[*]} failed, see FAILED above" >&2
  exit 1
fi
echo "foreign clients: every case holds"
