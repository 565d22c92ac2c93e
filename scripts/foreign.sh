#!/usr/bin/env bash
# Shows that a stock gRPC client of another language works with a node: Python, with stubs made from protos/ by Debian's own tools.
# Installs them where they are missing and this user may. Exits 0 only if every check held.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
cd "$ROOT"

readonly PACKAGES=(python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc)
readonly STUBS="$ROOT/artifacts/foreign/python"

# Debian's packages belong to Debian's interpreter, whichever other one comes first in the path.
PYTHON=/usr/bin/python3
[[ -x $PYTHON ]] || PYTHON=python3

has_tools() {
  command -v protoc >/dev/null && command -v grpc_python_plugin >/dev/null && "$PYTHON" -c 'import google.protobuf, grpc' 2>/dev/null
}

if ! has_tools; then
  if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "foreign.sh needs the Debian packages ${PACKAGES[*]}: install them" >&2
    exit 1
  fi
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${PACKAGES[@]}"
  has_tools || { echo "foreign.sh: no working protoc, grpc_python_plugin and python3-grpcio after installing" >&2; exit 1; }
fi

rm -rf "$STUBS"
mkdir -p "$STUBS"
protoc -I protos --python_out="$STUBS" --grpc_out="$STUBS" --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
  protos/swim/v1/workflows.proto protos/swim/v1/cluster.proto

WORK="$(mktemp -d)"
trap 'stop_nodes; rm -rf "$WORK"' EXIT
scripts/swim.sh --version
start_node foreign --cluster foreign --grpc-port 0 --http-port 0 --udp-port 0
wait_ready foreign
PYTHONPATH="$STUBS" PYTHONDONTWRITEBYTECODE=1 timeout 120 "$PYTHON" tests/foreign/python/client.py "${NODE_GRPC[foreign]}"
