#!/usr/bin/env bash
# Chaos on real processes: a cluster under load, a fault, then the check that all that was acked is there, finished, the same on every
# node, and had its effect once.
#   chaos/run.sh SCENARIO [--seconds N] [--seed N] [--without-sync]
#   chaos/run.sh --all [--seconds N]    all of them; exits 0 only if each was run and held
# SCENARIO: kill | kill-loop | restart-all | pause | power-loss | disk-full | partition-symmetric | partition-majority
# --seconds: how long the load goes on before the fault, during it and after it (default 8 each). kill-loop and power-loss go
# through few rounds below 4 and through many above. --seed: of what is chosen at random. --without-sync: from the start of the
# load on no sync of a node does anything (strace): power-loss, alone, must fail. It needs root, ext4 and loop devices, disk-full root
# and tmpfs, partition-* root and `ip`: what they make of that they remove again. The last line of standard output is one JSON object.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
for scenario in "$ROOT"/chaos/scenarios/*.sh; do source "$scenario"; done
cd "$ROOT"

readonly CHAOS="$ROOT/chaos/Swim.Chaos/bin/Release/net10.0/swim-chaos.dll"
readonly SCENARIOS=(kill kill-loop restart-all pause power-loss disk-full partition-symmetric partition-majority)
readonly NODES=(n0 n1 n2 n3 n4) RATE=15 HEAL_SECONDS=30
# Two private networks: one on which the nodes talk, which is cut, and one on which their clients reach them.
readonly PEER_NET=10.213.1 CLIENT_NET=10.213.0
PHASE=8 SEED=$((RANDOM * 32768 + RANDOM)) CHOSEN=() WORK='' LOAD_PID='' NETWORK='' CONSISTENCY=any
NODE_ARGS=() NEEDS='' WITHOUT_SYNC=0

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
say() { echo "[$SECONDS s] $*" >&2; }
chaos() { dotnet "$CHAOS" "$@"; }
servers() { local name list=(); for name in "$@"; do list+=("${NODE_GRPC[$name]}"); done; (IFS=,; echo "${list[*]}"); }

while (($# > 0)); do
  case "$1" in
    --all) CHOSEN=("${SCENARIOS[@]}") ;;
    --seconds) [[ ${2:-} =~ ^[1-9][0-9]{0,3}$ ]] || usage; PHASE=$2; shift ;;
    --seed) [[ ${2:-} =~ ^[0-9]{1,9}$ ]] || usage; SEED=$2; shift ;;
    --without-sync) WITHOUT_SYNC=1 ;;
    *) [[ " ${SCENARIOS[*]} " == *" $1 "* ]] || usage; CHOSEN+=("$1") ;;
  esac
  shift
done
((${#CHOSEN[@]} > 0)) || usage
if ((WITHOUT_SYNC)) && [[ ${CHOSEN[*]} != power-loss ]]; then usage; fi

# --- The network of partition-*: a namespace for each node with a leg on the peers' bridge and one on the clients'.
network_up() {
  NETWORK="swim$(($$ % 1000))"
  local i leg
  for bridge in "${NETWORK}a" "${NETWORK}b" "${NETWORK}c"; do ip link add "$bridge" type bridge && ip link set "$bridge" up; done
  ip address add "$CLIENT_NET.254/24" dev "${NETWORK}c"
  for i in "${!NODES[@]}"; do
    ip netns add "$NETWORK-$i"
    ip -n "$NETWORK-$i" link set lo up
    for leg in p c; do ip link add "${NETWORK}$leg$i" type veth peer name "$leg" netns "$NETWORK-$i"; done
    ip -n "$NETWORK-$i" address add "$PEER_NET.$((i + 1))/24" dev p
    ip -n "$NETWORK-$i" address add "$CLIENT_NET.$((i + 1))/24" dev c
    ip -n "$NETWORK-$i" link set p up
    ip -n "$NETWORK-$i" link set c up
    ip link set "${NETWORK}p$i" master "${NETWORK}a" up
    ip link set "${NETWORK}c$i" master "${NETWORK}c" up
  done
}

network_down() {
  [[ -n $NETWORK ]] || return 0
  local i bridge
  for i in "${!NODES[@]}"; do ip netns delete "$NETWORK-$i" 2>/dev/null || true; done
  for bridge in "${NETWORK}a" "${NETWORK}b" "${NETWORK}c"; do ip link delete "$bridge" 2>/dev/null || true; done
  NETWORK=''
}

# move BRIDGE NODE...: the nodes' legs to the other peers onto that bridge.
move() {
  local bridge="$1" name
  shift
  for name in "$@"; do ip link set "${NETWORK}p${name#n}" master "$bridge"; done
}

has_network() {
  NEEDS='root, `ip` and network namespaces'
  [[ $EUID == 0 ]] && command -v ip >/dev/null && ip netns add "swim-probe-$$" 2>/dev/null && ip netns delete "swim-probe-$$"
}

# --- The cluster.
start_member() {
  local name="$1" i="${1#n}"
  if [[ -n $NETWORK ]]; then
    NODE_PREFIX=(ip netns exec "$NETWORK-$i")
    start_node "$name" "${NODE_ARGS[@]}" --bind 0.0.0.0 --advertise "$PEER_NET.$((i + 1))" --seeds "$PEER_NET.1:7400,$PEER_NET.2:7400"
    NODE_PREFIX=()
  else
    start_node "$name" "${NODE_ARGS[@]}" --bind 127.0.0.1 --grpc-port $((BASE + 10 * i)) --http-port $((BASE + 10 * i + 1)) \
      --udp-port $((BASE + 10 * i + 2)) --seeds "127.0.0.1:$BASE,127.0.0.1:$((BASE + 10))"
  fi
}

wait_member() {
  wait_ready "$1"
  if [[ -n $NETWORK ]]; then NODE_GRPC[$1]="$CLIENT_NET.$((${1#n} + 1)):7400"; fi
}

start_cluster() {
  local name
  # Small files, so that checkpoints are made, and cleaned up after, while nodes are killed.
  NODE_ARGS+=(--cluster "chaos-$$" --allow-shell --log-level warning --checkpoint-mib 1)
  if [[ -z $NETWORK ]]; then BASE="$(free_base ${#NODES[@]})"; fi
  # The first seed founds the cluster; the others find it.
  for name in "${NODES[@]}"; do start_member "$name"; done
  for name in "${NODES[@]}"; do wait_member "$name"; done
  for name in "${NODES[@]}"; do all_see "$name" alive >/dev/null; done
}

# all_see NAME STATE [NODE...]: ms until each of the nodes (default: all) sees the member so.
all_see() {
  local name="$1" state="$2"
  shift 2
  chaos detect "$(servers "${@:-${NODES[@]}}")" "$name" "$state" 60 || { say "not all nodes see $name $state"; return 1; }
}

start_load() {
  dotnet "$CHAOS" load "$(servers "${NODES[@]}")" "$WORK/history" "$WORK/sink" $RATE $CONSISTENCY &
  LOAD_PID=$!
  sleep "$PHASE"
}

stop_load() {
  sleep "$PHASE"
  kill -TERM "$LOAD_PID"
  wait "$LOAD_PID"
  LOAD_PID=''
}

# acks: how many workflows the load was told of so far.
acks() { grep -c '"workflow_id":"' "$WORK/history" || true; }

# more_acks COUNT: until so many more workflows were acked than now, 60 s at most.
more_acks() {
  local wanted=$(($(acks) + $1)) end=$((SECONDS + 60))
  until (($(acks) >= wanted)); do
    ((SECONDS < end)) || { say "no acks"; return 1; }
    sleep 0.1
  done
}

# --- The faults: each leaves every node running, and may set DETECT_MS. Some have functions around them: means_X is true where X can be
# run and sets NEEDS where it cannot, prepare_X comes before the cluster starts, release_X after it has ended, also if the former failed.
around() { if declare -F "$1_${2//-/_}" >/dev/null; then "$1_${2//-/_}"; fi; }

fault_kill() {
  kill_node n1
  say "killed n1"
  DETECT_MS="$(all_see n1 dead n0 n2 n3 n4)"
  sleep "$PHASE"
  start_member n1
  wait_member n1
}

fault_restart_all() {
  local name
  for name in "${NODES[@]}"; do kill_node "$name"; done
  say "killed all nodes"
  sleep 1
  for name in n3 n1 n4 n0 n2; do start_member "$name"; done
  for name in "${NODES[@]}"; do wait_member "$name"; done
}

fault_pause() {
  pause_node n2
  say "paused n2"
  DETECT_MS="$(all_see n2 dead n0 n1 n3 n4)"
  sleep "$PHASE"
  resume_node n2
}

means_partition_symmetric() { has_network; }
prepare_partition_symmetric() { network_up; }

fault_partition_symmetric() {
  move "${NETWORK}b" n3 n4
  say "cut n0 n1 n2 from n3 n4"
  DETECT_MS="$(all_see n3 dead n0 n1 n2)"
  all_see n0 dead n3 n4 >/dev/null
  sleep "$PHASE"
  move "${NETWORK}a" n3 n4
  say "joined the network again"
}

# shuffle: SHUFFLED has all nodes in an order of its own.
shuffle() {
  local i j name
  SHUFFLED=("${NODES[@]}")
  for ((i = ${#SHUFFLED[@]} - 1; i > 0; i--)); do
    j=$((RANDOM % (i + 1))) name="${SHUFFLED[i]}"
    SHUFFLED[i]="${SHUFFLED[j]}" SHUFFLED[j]="$name"
  done
}

# Kills without end: one node, two at once, one that is killed again while it starts, all at once.
fault_kill_loop() {
  local round kind victims name rounds=$((PHASE < 4 ? 3 : 2 * PHASE)) kinds=(again two all one)
  for ((round = 0; round < rounds; round++)); do
    kind="${kinds[round % 4]}"
    shuffle
    victims=("${SHUFFLED[0]}")
    case "$kind" in two) victims=("${SHUFFLED[@]:0:2}") ;; all) victims=("${SHUFFLED[@]}") ;; esac
    sleep "0.$((RANDOM % 9 + 1))"
    kill_nodes "${victims[@]}"
    say "round $((round + 1)) of $rounds, $kind: killed ${victims[*]}"
    sleep "0.$((RANDOM % 9))"
    for name in "${victims[@]}"; do start_member "$name"; done
    if [[ $kind == again ]]; then
      sleep "0.$((RANDOM % 9))"
      kill_nodes "${victims[@]}"
      for name in "${victims[@]}"; do start_member "$name"; done
    fi
    for name in "${victims[@]}"; do wait_member "$name"; done
  done
}

# compare_owners CARD: the nodes stand still while their directories are copied, and what the copies hold is compared, past all that the
# nodes would tell of it; again until it is the same or HEAL_SECONDS have passed. Prints the scorecard with what came of it.
compare_owners() {
  local name looks=() status end=$((SECONDS + HEAL_SECONDS))
  for name in "${NODES[@]}"; do looks+=("$WORK/look/$name.json"); done
  while true; do
    rm -rf "$WORK/look"
    mkdir "$WORK/look"
    kill -STOP "${NODE_PID[@]}"
    for name in "${NODES[@]}"; do cp -rL "$WORK/$name" "$WORK/look/"; done
    kill -CONT "${NODE_PID[@]}"
    for name in "${NODES[@]}"; do swim log inspect "$WORK/look/$name" --buckets -o json >"$WORK/look/$name.json"; done
    status=0
    chaos owners "$(servers "${NODES[@]}")" "$1" "${looks[@]}" >"$WORK/total" 2>"$WORK/differences" || status=$?
    if ((status != 3 || SECONDS >= end)); then break; fi
    sleep 0.5
  done
  cat "$WORK/differences" >&2
  cat "$WORK/total"
  return "$status"
}

cleanup() {
  if [[ -n $LOAD_PID ]]; then kill -KILL "$LOAD_PID" 2>/dev/null || true; LOAD_PID=''; fi
  stop_nodes
  network_down
  if [[ -n $WORK ]]; then around release "${CHOSEN[0]}"; fi
  if [[ -n $WORK ]]; then rm -rf --one-file-system "$WORK"; WORK=''; fi
}

run_scenario() {
  local name
  WORK="$(mktemp -d)"
  mkdir "$WORK/sink"
  DETECT_MS=-1
  RANDOM=$SEED
  say "$1: starting ${#NODES[@]} nodes; --seed $SEED"
  around prepare "$1"
  start_cluster
  start_load
  "fault_${1//-/_}"
  for name in "${NODES[@]}"; do all_see "$name" alive >/dev/null; done
  stop_load
  say "checking"
  # Where the check fails the comparison is still worth having; it keeps the failure.
  chaos check "$(servers "${NODES[@]}")" "$WORK/history" "$WORK/sink" $HEAL_SECONDS "$1" "$DETECT_MS" >"$WORK/card" || say "the check failed"
  compare_owners "$WORK/card"
}

finish() {
  local status=$?
  if ((status != 0)) && [[ -n $WORK ]]; then
    say "FAILED; the ends of the nodes' logs:"
    tail -n 5 "$WORK"/*.err >&2 2>/dev/null || true
  fi
  cleanup
}

# Several are runs of their own, one after the other: a failure of one says nothing about the next.
if ((${#CHOSEN[@]} > 1)); then
  FAILED=0
  for scenario in "${CHOSEN[@]}"; do "${BASH_SOURCE[0]}" "$scenario" --seconds "$PHASE" || FAILED=1; done
  exit $FAILED
fi

trap finish EXIT
trap 'exit 130' INT TERM
if ! around means "${CHOSEN[0]}"; then
  say "${CHOSEN[0]}: NOT RUN: it needs $NEEDS"
  echo "{\"scenario\":\"${CHOSEN[0]}\",\"ok\":false,\"not_run\":\"no $NEEDS here\"}"
  exit 77
fi
scripts/swim.sh --version >&2
dotnet build chaos/Swim.Chaos -c Release --no-restore --tl:off -nologo -v:quiet >&2
run_scenario "${CHOSEN[0]}"
