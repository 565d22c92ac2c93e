# Sourced by chaos/run.sh: as partition-symmetric, but every attempt needs most of its workflow's owners, which all five nodes are: the
# smaller side of the cut waits and says why, the larger goes on, and no task runs twice at once. With --seconds of at least 4, tasks that take
# longer than a lease are under way when the cut comes: those on the smaller side must have been stopped when the larger runs them again.

readonly HELD=10 HELD_SECONDS=45

means_partition_majority() { has_network; }

prepare_partition_majority() {
  CONSISTENCY=majority
  NODE_ARGS+=(--replicas 5)
  network_up
  printf 'name: asked-in-the-cut\nconsistency: majority\ntasks: [{ id: one, tool: "builtin:echo", arguments: { value: 1 } }]\n' >"$WORK/asked.yaml"
}

# submit_held: tasks that all begin at once. Each holds a lock while it lives; a run that meets another one of its task writes down how many ms
# that one lived on.
submit_held() {
  local i end=$((SECONDS + 60))
  mkdir "$WORK/held"
  {
    printf 'name: held\nconsistency: %s\ntasks:\n' "$CONSISTENCY"
    for ((i = 0; i < HELD; i++)); do
      printf '  - { id: hold-%d, tool: "shell:exec", timeout_ms: 300000, arguments: { argv: [sh, -c, "%s", "%s"] } }\n' "$i" \
        "exec 9>>\$0/lock-$i && { flock -n 9 || { from=\$(date +%s%N); flock 9; echo \$(((\$(date +%s%N) - from) / 1000000)) >\$0/met-$i-\$SWIM_ATTEMPT; }; } && echo \$SWIM_ATTEMPT >>\$0/runs-$i && sleep $HELD_SECONDS" "$WORK/held"
    done
  } >"$WORK/held.yaml"
  HELD_ID="$(swim submit "$WORK/held.yaml" --server "${NODE_GRPC[n0]}")"
  until (($(find "$WORK/held" -name 'runs-*' | wc -l) == HELD)); do
    ((SECONDS < end)) || { say "the long tasks did not begin"; return 1; }
    sleep 0.1
  done
}

# How many of the long tasks began again.
held_again() { find "$WORK/held" -name 'runs-*' -exec grep -c '' {} + | grep -vc ':1$' || true; }

# await_held: while the cut lasts the larger side runs some of them again, once their leases ran out.
await_held() {
  local end=$((SECONDS + 90))
  until (($(held_again) > 0)); do
    ((SECONDS < end)) || { say "no long task ran again: this shows nothing"; return 1; }
    sleep 0.5
  done
  # Those that should not be there any more would meet it.
  sleep "$PHASE"
}

check_held() {
  local met
  swim get "$HELD_ID" --wait --server "${NODE_GRPC[n0]}" --timeout 180s >/dev/null || { say "the long tasks did not end well"; return 1; }
  met="$(find "$WORK/held" -name 'met-*' | wc -l)"
  say "$(held_again) of $HELD long tasks ran again, $met runs met another, which lived on for ms: $(cat "$WORK"/held/met-* 2>/dev/null | tr '\n' ' ')"
  ((met == 0))
}

fault_partition_majority() {
  local name waiting going explained HELD_ID
  if ((PHASE >= 4)); then submit_held; fi
  move "${NETWORK}b" n3 n4
  say "cut n0 n1 n2 from n3 n4"
  DETECT_MS="$(all_see n3 dead n0 n1 n2)"
  all_see n4 dead n0 n1 n2 >/dev/null
  for name in n0 n1 n2; do all_see "$name" dead n3 n4 >/dev/null; done
  waiting="$(swim submit "$WORK/asked.yaml" --server "${NODE_GRPC[n3]}")"
  going="$(swim submit "$WORK/asked.yaml" --server "${NODE_GRPC[n0]}")"
  # Voters of a changed cluster may first wait for a lease, 10 s.
  swim get "$going" --wait --server "${NODE_GRPC[n0]}" --timeout 60s >&2 || { say "the larger side waits: $(swim explain "$going" --server "${NODE_GRPC[n0]}")"; return 1; }
  say "the larger side ran a workflow"
  if ((PHASE >= 4)); then await_held; else sleep "$PHASE"; fi
  explained="$(swim explain "$waiting" --server "${NODE_GRPC[n4]}")"
  say "the smaller side: $explained"
  [[ $explained =~ sees\ 2\ of\ 5\ voters\ \((n3,\ n4|n4,\ n3)\)\ and\ needs\ 3 ]] || { say "that does not say why it waits"; return 1; }
  explained="$(swim get "$waiting" --server "${NODE_GRPC[n3]}")"
  [[ $explained == *PENDING* && $explained != *SUCCEEDED* ]] || { say "it did not wait: $explained"; return 1; }
  move "${NETWORK}a" n3 n4
  say "joined the network again"
  swim get "$waiting" --wait --server "${NODE_GRPC[n3]}" --timeout 60s >&2
  if ((PHASE >= 4)); then check_held; fi
}
