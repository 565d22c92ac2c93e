# Sourced by chaos/run.sh: as partition-symmetric, but every attempt needs most of its workflow's owners, which all five nodes are: the
# smaller side of the cut waits and says why, the larger goes on, and no task runs twice at once.

means_partition_majority() { has_network; }

prepare_partition_majority() {
  CONSISTENCY=majority
  NODE_ARGS+=(--replicas 5)
  network_up
  printf 'name: asked-in-the-cut\nconsistency: majority\ntasks: [{ id: one, tool: "builtin:echo", arguments: { value: 1 } }]\n' >"$WORK/asked.yaml"
}

fault_partition_majority() {
  local name waiting explained
  move "${NETWORK}b" n3 n4
  say "cut n0 n1 n2 from n3 n4"
  DETECT_MS="$(all_see n3 dead n0 n1 n2)"
  all_see n4 dead n0 n1 n2 >/dev/null
  for name in n0 n1 n2; do all_see "$name" dead n3 n4 >/dev/null; done
  waiting="$(swim submit "$WORK/asked.yaml" --server "${NODE_GRPC[n3]}")"
  swim run "$WORK/asked.yaml" --plain --server "${NODE_GRPC[n0]}" --timeout 20s >&2
  say "the larger side ran a workflow"
  sleep "$PHASE"
  explained="$(swim explain "$waiting" --server "${NODE_GRPC[n4]}")"
  say "the smaller side: $explained"
  [[ $explained =~ sees\ 2\ of\ 5\ voters\ \((n3,\ n4|n4,\ n3)\)\ and\ needs\ 3 ]] || { say "that does not say why it waits"; return 1; }
  explained="$(swim get "$waiting" --server "${NODE_GRPC[n3]}")"
  [[ $explained == *PENDING* && $explained != *SUCCEEDED* ]] || { say "it did not wait: $explained"; return 1; }
  move "${NETWORK}a" n3 n4
  say "joined the network again"
  swim get "$waiting" --wait --server "${NODE_GRPC[n3]}" --timeout 30s >&2
}
