#!/usr/bin/env bash
# Stock clients of other languages against a live node: Python's grpcio (stubs made from protos/ by Debian's own tools), Node.js'
# @grpc/grpc-js and @msgpack/msgpack, curl. Installs them where they are missing and this user may. Each case says ok or FAILED with its
# name; exits 0 only if every case of every client held.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
cd "$ROOT"

readonly PACKAGES=(python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc curl)
readonly STUBS="$ROOT/artifacts/foreign/python" CLUSTER=foreign CLIENTS="$ROOT/tests/foreign"

# Debian's packages belong to Debian's interpreter, whichever other one comes first in the path.
PYTHON=/usr/bin/python3
[[ -x $PYTHON ]] || PYTHON=python3

has_tools() {
  command -v protoc >/dev/null && command -v grpc_python_plugin >/dev/null && command -v curl >/dev/null &&
    "$PYTHON" -c 'import google.protobuf, grpc' 2>/dev/null
}
has_node() { command -v node >/dev/null && command -v npm >/dev/null; }

missing=()
has_tools || missing+=("${PACKAGES[@]}")
has_node || missing+=(nodejs npm)
if ((${#missing[@]} > 0)); then
  if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "foreign.sh needs the Debian packages ${missing[*]}: install them" >&2
    exit 1
  fi
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
  has_tools && has_node || { echo "foreign.sh: after installing ${missing[*]} something is still missing" >&2; exit 1; }
fi

rm -rf "$STUBS"
mkdir -p "$STUBS"
protoc -I protos --python_out="$STUBS" --grpc_out="$STUBS" --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" protos/swim/v1/*.proto
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
  timeout 120 "$@" || failed+=("$name")
}

client grpcio env PYTHONPATH="$STUBS" PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$CLIENTS/python/client.py" "$GRPC" "$(node "$CLIENTS/node/cluster-id.js" $CLUSTER)"
client curl "$CLIENTS/curl/client.sh" "$HTTP"
# Last: it makes itself known to the node as a member.
client node node "$CLIENTS/node/client.js" "$GRPC" $CLUSTER "$WORK/foreign"

if ((${#failed[@]} > 0)); then
  echo "foreign clients: cases of ${failed[*]} failed, see FAILED above" >&2
  exit 1
fi
echo "foreign clients: every case holds"
