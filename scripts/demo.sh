#!/usr/bin/env bash
# The main job, start to finish, on real processes: a five-node cluster on loopback, a workflow over this repository's own files
# submitted to one node, a node killed while it works on it, the finished result read from a third and checked against `wc`.
# Exits 0 only if all of that was true. Leaves nothing behind.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
cd "$ROOT"

readonly NODES=(n0 n1 n2 n3 n4) SUBMIT=n0
# More would only make the demo longer.
readonly FILES_MAX=150
readonly WIDTH=5
readonly PACE_MS=700
WORK="$(mktemp -d)"

finish() {
  local status=$?
  stop_nodes
  if ((status != 0)); then
    echo "demo failed; the ends of the nodes' logs:" >&2
    tail -n 5 "$WORK"/*.err >&2 2>/dev/null || true
  fi
  rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { echo "[$SECONDS s] $*"; }
die() { echo "demo: $*" >&2; exit 1; }
at() { echo "${NODE_GRPC[$1]}"; }

# values NAME: each value of that name in the JSON on standard input. A workflow's own state stands before its tasks, its times after.
values() { grep -oE "\"$1\": (\"[^\"]*\"|[^,} ]+)" | sed -E 's/^[^:]*: "?([^"]*)"?$/\1/'; }
field() { values "$1" | head -n 1; }

# tasks: `ID STATE ATTEMPT EXECUTOR` of each task in the workflow on standard input.
tasks() {
  grep -oE '\{ "id": "[^"]*", "state": "[^"]*", "attempt": [0-9]+, "executor": "[^"]*"' |
    sed -E 's/.*"id": "([^"]*)", "state": "TASK_STATE_([^"]*)", "attempt": ([0-9]+), "executor": "([^"]*)"/\1 \2 \3 \4/'
}

start_cluster() {
  local base i name
  base="$(free_base $WIDTH)"
  for i in "${!NODES[@]}"; do
    local join=(--seeds "127.0.0.1:$base")
    ((i > 0)) || join=()
    start_node "${NODES[i]}" --cluster "demo-$$" --bind 127.0.0.1 --grpc-port $((base + 10 * i)) --http-port $((base + 10 * i + 1)) \
      --udp-port $((base + 10 * i + 2)) --zone "z$i" --allow-shell "${join[@]}"
  done
  for name in "${NODES[@]}"; do wait_ready "$name"; done
}

alive_at() { swim members -s "$(at "$1")" -o json --timeout 5s | grep -o MEMBER_STATE_ALIVE | wc -l; }

# until_alive COUNT NAME...: each of the nodes named sees that many members alive, within 60 s.
until_alive() {
  local count="$1" name end=$((SECONDS + 60))
  shift
  for name in "$@"; do
    until [[ "$(alive_at "$name" || true)" -eq $count ]]; do
      ((SECONDS < end)) || die "$name does not see $count members alive"
      sleep 0.2
    done
  done
}

# held NAME: the workflow's tasks, on standard input, that are in the hands of that node.
held() { tasks | awk -v node="${NODE_ID[$1]}" '$4 == node && ($2 == "RUNNING" || $2 == "CLAIMED") { print $1 }'; }

# due_ms: when the latest of the pace tasks on standard input ends; 0 if there is none.
due_ms() { sed -nE 's/^pace-([0-9]+)$/\1/p' | sort -n | tail -n 1 | awk -v start="$SUBMITTED_MS" -v pace=$PACE_MS '{ due = start + $1 * pace } END { printf "%.0f", due }'; }

# choose_victim: a node, not the one submitted to, that has a task of the workflow in its hands for two seconds more; one that also
# owns the workflow if there is such a node. Sets VICTIM, HELD, ROLE.
choose_victim() {
  local end=$((SECONDS + 30)) name now held
  VICTIM=''
  while ((SECONDS < end)) && [[ -z $VICTIM ]]; do
    now="$(swim get "$ID" -s "$(at $SUBMIT)" -o json --timeout 10s)"
    [[ "$(field state <<<"$now")" == WORKFLOW_STATE_RUNNING ]] || die "the workflow ended before a node could be killed"
    if ! tasks <<<"$now" | grep -qE '^count-.* SUCCEEDED '; then continue; fi
    for name in "${NODES[@]}"; do
      held="$(held "$name" <<<"$now")"
      if [[ $name == "$SUBMIT" ]] || (($(due_ms <<<"$held") < $(date +%s%3N) + 2000)); then continue; fi
      VICTIM=$name HELD=$held ROLE="which was executing"
      if [[ $(swim status -s "$(at "$name")" -o json --timeout 5s | field workflows) == 1 ]]; then
        ROLE="an owner of the workflow that was executing"
        return
      fi
    done
  done
  [[ -n $VICTIM ]] || die "no other node executes a part of the workflow"
}

# --- Build, start, see one another.
scripts/swim.sh --version
say "starting ${#NODES[@]} nodes"
start_cluster
until_alive "${#NODES[@]}" "${NODES[@]}"
declare -A NODE_ID=()
while read -r name id; do NODE_ID[$name]=$id; done < <(swim members -s "$(at $SUBMIT)" -o json |
  grep -oE '"node_id": "[^"]*", "name": "[^"]*"' | sed -E 's/"node_id": "([^"]*)", "name": "([^"]*)"/\2 \1/')
say "every node sees ${#NODES[@]} members alive:"
swim members -s "$(at $SUBMIT)"

# --- Submit, ten files at a time so that there is time to kill a node on the way.
find protos scripts src samples -type d \( -name bin -o -name obj \) -prune -o -type f \( -name '*.cs' -o -name '*.proto' -o -name '*.sh' -o -name '*.yaml' \) -print |
  LC_ALL=C sort | awk -v max=$FILES_MAX 'NR <= max' >"$WORK/files"
samples/text-statistics/make-workflow.sh --pace $PACE_MS <"$WORK/files" >"$WORK/workflow.yaml"
say "submitting a workflow over $(wc -l <"$WORK/files") files to $SUBMIT"
SUBMITTED_MS="$(date +%s%3N)"
ID="$(swim submit "$WORK/workflow.yaml" -s "$(at $SUBMIT)" -o json | field workflow_id)"
[[ -n $ID ]] || die "no workflow id"

# --- Kill a node that executes a part of it.
choose_victim
kill_node "$VICTIM"
KILLED_MS="$(date +%s%3N)"
say "killed $VICTIM (kill -9), $ROLE: $(xargs <<<"$HELD")"

# --- Read the end from a node that was neither submitted to nor killed.
for READ in "${NODES[@]}"; do [[ $READ == "$SUBMIT" || $READ == "$VICTIM" ]] || break; done
say "waiting for the end, asking $READ"
swim get "$ID" --wait -s "$(at "$READ")" -o json --timeout 90s >"$WORK/result.json" || die "the workflow did not succeed: $(cut -c1-2000 "$WORK/result.json")"
swim get "$ID" -s "$(at "$READ")" >"$WORK/result.txt"
(($(values finished_unix_ms <"$WORK/result.json" | tail -n 1) > KILLED_MS)) || die "the workflow was done before $VICTIM was killed"
AGAIN=0
for task in $HELD; do
  read -r _ state attempt executor < <(tasks <"$WORK/result.json" | grep "^$task ")
  [[ $state == SUCCEEDED ]] || die "task $task, which $VICTIM was executing, is $state"
  if [[ $executor != "${NODE_ID[$VICTIM]}" ]] && ((attempt > 1)); then AGAIN=$((AGAIN + 1)); fi
done
((AGAIN > 0)) || die "no task was taken over from $VICTIM"

# --- The same count by another way.
EXPECTED="$(tr '\n' '\0' <"$WORK/files" | LC_ALL=C xargs -0 wc -lwc | tail -n 1 | awk '{ print $1, $2, $3 }')"
TOTAL="$(sed -nE 's/^ *"total": "([0-9 ]+)".*/\1/p' "$WORK/result.txt")"
sed -n '/^{/,$p' "$WORK/result.txt"
say "executed by: $(tasks <"$WORK/result.json" | while read -r _ _ _ id; do for name in "${NODES[@]}"; do [[ ${NODE_ID[$name]} != "$id" ]] || echo "$name"; done; done | sort | uniq -c | awk '{ printf "%s%s %d", sep, $2, $1; sep = ", " }')"
say "taken over from $VICTIM: $AGAIN"
say "total of the workflow: $TOTAL; of wc: $EXPECTED"
[[ -n $TOTAL && $TOTAL == "$EXPECTED" ]] || die "the totals differ"
until_alive $((${#NODES[@]} - 1)) "$READ"
say "$READ knows that $VICTIM is gone"
say "demo ok"
