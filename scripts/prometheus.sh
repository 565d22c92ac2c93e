#!/usr/bin/env bash
# What a node tells of itself, read by the programs that operators use: its JSON log by a JSON reader, its metrics by promtool and by a
# Prometheus that scrapes it. Runs workflows, and holds what Prometheus answers to what was run. Uses the Prometheus in the path; where
# there is none, unpacks Debian's into artifacts/ without installing it.
# Exit code 0: all of that held. 77: NOT RUN, there can be no Prometheus here. Anything else: it ran and failed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/cluster.sh"
source "$ROOT/eng/foreign.sh"
source "$ROOT/eng/prometheus.sh"
cd "$ROOT"

readonly CLIENTS="$ROOT/tests/foreign/prometheus" GOOD=5 BAD=2 EXIT_WORKFLOW_FAILED=1
WORK="$(mktemp -d)"
PROMETHEUS_PID=""
finish() {
  local status=$?
  if [[ -n $PROMETHEUS_PID ]]; then kill "$PROMETHEUS_PID" 2>/dev/null || true; wait "$PROMETHEUS_PID" 2>/dev/null || true; fi
  stop_nodes
  rm -rf "$WORK"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM
die() { echo "prometheus: $*" >&2; exit 1; }
fetch() { "$PYTHON" -c 'import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())' "$1"; }

scripts/swim.sh --version
start_node n --grpc-port 0 --http-port 0 --udp-port 0 --log-level debug --log-format json
wait_ready n
HTTP="$(sed -nE 's/^ready .*\bhttp=([^ ]+).*/\1/p' "$WORK/n.out")"
NODE="$(sed -nE 's/^ready node=([^ ]+).*/\1/p' "$WORK/n.out")"

# --- Workflows: some that succeed, some of which the second task fails for good at its second attempt.
cat >"$WORK/good.yaml" <<'DOCUMENT'
tasks:
  - { id: first, tool: "builtin:echo", arguments: { value: 1 } }
  - { id: second, tool: "builtin:echo", arguments: { value: "$OUTPUT[first]" } }
DOCUMENT
cat >"$WORK/bad.yaml" <<'DOCUMENT'
tasks:
  - { id: first, tool: "builtin:concat", arguments: { values: [1, 2] } }
  - { id: second, tool: "builtin:fail", arguments: { message: "on purpose" }, depends_on: [first], retry: { max_attempts: 2, backoff_ms: 1 } }
DOCUMENT
# run KIND EXIT: runs the document, expects that exit code, and keeps the id.
run() {
  local status=0
  swim run "$WORK/$1.yaml" --server "${NODE_GRPC[n]}" --timeout 60s --output json >"$WORK/run" 2>"$WORK/run.err" || status=$?
  ((status == $2)) || { cat "$WORK/run" "$WORK/run.err" >&2; die "the $1 workflow ended with exit code $status"; }
  "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["workflow_id"])' <"$WORK/run" >>"$WORK/$1.ids"
}
for ((i = 0; i < GOOD; i++)); do run good 0; done
for ((i = 0; i < BAD; i++)); do run bad $EXIT_WORKFLOW_FAILED; done

# --- The log, which every machine can read.
log_tells() { "$PYTHON" "$CLIENTS/log_fields.py" "$WORK/n.err" "$NODE" "${@:2}" <"$WORK/$1.ids"; }
log_tells good first:1:Succeeded second:1:Succeeded
log_tells bad first:1:Succeeded second:1:Failed second:2:Failed

# --- The page.
need_prometheus
fetch "http://$HTTP/metrics" >"$WORK/page"
promtool check metrics <"$WORK/page" >"$WORK/lint" 2>&1 || { cat "$WORK/lint" >&2; die "promtool finds fault with /metrics"; }
echo "ok: promtool: $(grep -c '^# TYPE' "$WORK/page") metrics, $(grep -vc '^#' "$WORK/page") samples"

# --- The scraper.
cat >"$WORK/prometheus.yml" <<CONFIG
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: swim
    static_configs: [{ targets: ["$HTTP"] }]
CONFIG
promtool check config "$WORK/prometheus.yml" >/dev/null
prometheus --config.file="$WORK/prometheus.yml" --storage.tsdb.path="$WORK/tsdb" --web.listen-address=127.0.0.1:0 >"$WORK/prometheus.log" 2>&1 &
PROMETHEUS_PID=$!
end=$((SECONDS + 60))
until AT="$(sed -nE 's/.*msg="Listening on" address=([^ ]+).*/\1/p' "$WORK/prometheus.log")" && [[ -n $AT ]]; do
  if ! kill -0 "$PROMETHEUS_PID" 2>/dev/null || ((SECONDS >= end)); then
    cat "$WORK/prometheus.log" >&2
    die "prometheus does not start"
  fi
  sleep 0.1
done
ask() { "$PYTHON" "$CLIENTS/ask.py" "$AT" "$@"; }

ask 'up{job="swim"}' 1
ask 'swim_ready' 1
ask 'swim_members{state="Alive"}' 1
ask 'swim_workflows_ended_total{state="Succeeded"}' $GOOD
ask 'swim_workflows_ended_total{state="Partial"}' $BAD
ask 'swim_tasks_ended_total{outcome="Succeeded",tool="builtin:echo"}' $((2 * GOOD))
ask 'swim_tasks_ended_total{outcome="Failed",tool="builtin:fail"}' $((2 * BAD))
ask 'swim_tasks_ended_total{outcome="Stopped",tool="shell:exec"}' 0
ask 'sum(swim_tasks_started_total)' $((2 * GOOD + 3 * BAD))
ask 'swim_task_retries_total' $BAD
ask 'sum(swim_submit_seconds_count)' $((GOOD + BAD))
ask 'sum(swim_task_run_seconds_count)' $((2 * GOOD + 3 * BAD))
# Buckets that a quantile can be made of.
ask 'histogram_quantile(0.99, sum by (le) (swim_submit_seconds_bucket))' '>0'
ask 'histogram_quantile(0.5, swim_disk_sync_seconds_bucket)' '>0'
ask 'count({__name__=~"swim_.+"})' '>100'

# What happens while it scrapes is seen to happen, from the zero that was there before.
ask 'count_over_time(swim_refusals_total{reason="NotFound"}[1m])' '>1'
if swim get 00000000000000000000000000000000 --server "${NODE_GRPC[n]}" >/dev/null 2>&1; then die "a workflow is found that nobody submitted"; fi
ask 'increase(swim_refusals_total{reason="NotFound"}[1m])' '>0'

# And that it can say no.
kill_node n
ask 'up{job="swim"}' 0
echo "prometheus: every answer holds"
