#!/usr/bin/env bash
# Throws packets that nobody would send at a node's membership, half of them at one with keys:
#   scripts/fuzz.sh [PACKETS, default 10000000] [SEED, default drawn]
# Says how many were refused and why; exits 1 if one throws, is not counted, or makes the node allocate more than itself and a fixed little. The seed is
# printed: the same packets come again with it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

export SWIM_FUZZ_PACKETS="${1:-10000000}" SWIM_FUZZ_SEED="${2:-$((RANDOM * 32768 + RANDOM))}"
[[ $SWIM_FUZZ_PACKETS =~ ^[0-9]+$ && $SWIM_FUZZ_SEED =~ ^[0-9]+$ ]] || { echo "usage: scripts/fuzz.sh [PACKETS] [SEED]" >&2; exit 2; }

scripts/restore.sh >&2
echo "scripts/fuzz.sh $SWIM_FUZZ_PACKETS $SWIM_FUZZ_SEED"
dotnet test tests/Swim.Node.Tests -c Release --no-restore --tl:off -nologo -v:quiet --filter "FullyQualifiedName~PacketFuzzTests" --logger "console;verbosity=detailed" \
  | grep -E "^ *[0-9]+ packets|Passed|Failed|seed "
