# Sourced by scripts that start nodes: starts them as processes of their own, knows each by its id, ends only those.
# Needs ROOT (eng/env.sh) and WORK, a folder of the script's own.

declare -A NODE_PID=() NODE_GRPC=()

# swim ARGS: the command as `scripts/swim.sh` built it last; call that once before, then this saves the search for newer sources.
swim() { dotnet "$ROOT/src/Swim.Cli/bin/Release/net10.0/swim.dll" "$@"; }

# start_node NAME ARGS...: starts `swim node`; its standard output and log go to files in WORK.
start_node() {
  local name="$1"
  shift
  dotnet "$ROOT/src/Swim.Cli/bin/Release/net10.0/swim.dll" node --name "$name" --data "$WORK/$name" "$@" >"$WORK/$name.out" 2>"$WORK/$name.err" &
  NODE_PID[$name]=$!
}

# wait_ready NAME: until the node says where it answers (then NODE_GRPC has it), or has ended, or 60 s have passed.
wait_ready() {
  local name="$1" end=$((SECONDS + 60))
  while ((SECONDS < end)); do
    NODE_GRPC[$name]="$(sed -nE 's/^ready .*\bgrpc=([^ ]+).*/\1/p' "$WORK/$name.out")"
    if [[ -n ${NODE_GRPC[$name]} ]]; then return 0; fi
    if ! kill -0 "${NODE_PID[$name]}" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "node $name is not ready:" >&2
  tail -n 20 "$WORK/$name.out" "$WORK/$name.err" >&2
  return 1
}

# kill_node NAME: the end no process can prepare for.
kill_node() {
  kill -KILL "${NODE_PID[$1]}"
  wait "${NODE_PID[$1]}" 2>/dev/null || true
  unset "NODE_PID[$1]"
}

# stop_nodes: asks all that still run to end, and makes those that have not after 10 s.
stop_nodes() {
  local pid end=$((SECONDS + 10))
  for pid in "${NODE_PID[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${NODE_PID[@]}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < end)); do sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  NODE_PID=()
}
