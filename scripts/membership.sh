#!/usr/bin/env bash
# Writes the tables of docs/MEMBERSHIP.md anew: runs every scenario of the membership yardstick with every detector (minutes on one core).
# With --full also all of Lifeguard's sweep in place of some cells, and the join storm with 2,000 nodes (half an hour).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

exec scripts/sim.sh --membership tables --into docs/MEMBERSHIP.md "$@"
