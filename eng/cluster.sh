# Sourced by scripts that start nodes: starts them as processes of their own, knows each by its id, ends only those.
# Needs ROOT (eng/env.sh) and WORK, a folder of the script's own.

declare -A NODE_PID=() NODE_GRPC=()

# What start_node puts before the command; a network namespace's `ip netns exec NAME`, for instance.
NODE_PREFIX=()

# swim ARGS: the command as `scripts/swim.sh` built it last; call that once before, then this saves the search for newer sources.
swim() { dotnet "$ROOT/src/Swim.Cli/bin/Release/net10.0/swim.dll" "$@"; }

# free_base COUNT: the first base of which the ports of COUNT nodes are free. Node i has gRPC BASE + 10 i and the next two.
is_taken() {
  grep -qiE "^ *[0-9]+: [0-9A-F]+:$(printf '%04X' "$1") [0-9A-F]+:[0-9A-F]+ (0A|07) " /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6
}
free_base() {
  local base port
  for ((base = 7400; base < 9400; base += 100)); do
    for ((port = base; port < base + 10 * $1; port++)); do
      if is_taken "$port"; then continue 2; fi
    done
    echo "$base"
    return
  done
  echo "no free ports between 7400 and 9400" >&2
  return 1
}

# start_node NAME ARGS...: starts `swim node`; its standard output and log go to files in WORK.
start_node() {
  local name="$1"
  shift
  # Here and not by the process, which may open it later: wait_ready must find neither no file nor the last life's words.
  : >"$WORK/$name.out"
  "${NODE_PREFIX[@]}" dotnet "$ROOT/src/Swim.Cli/bin/Release/net10.0/swim.dll" node --name "$name" --data "$WORK/$name" "$@" >>"$WORK/$name.out" 2>>"$WORK/$name.err" &
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

# kill_nodes NAME...: the end no process can prepare for, of all of them at once.
kill_nodes() {
  local name pids=()
  for name in "$@"; do pids+=("${NODE_PID[$name]}"); done
  kill -KILL "${pids[@]}"
  for name in "$@"; do
    wait "${NODE_PID[$name]}" 2>/dev/null || true
    unset "NODE_PID[$name]"
  done
}

# kill_node NAME: of one.
kill_node() { kill_nodes "$1"; }

# pause_node NAME, resume_node NAME: the process stands still, as under a debugger or on a machine that swaps.
pause_node() { kill -STOP "${NODE_PID[$1]}"; }
resume_node() { kill -CONT "${NODE_PID[$1]}"; }

# stop_nodes: asks all that still run to end, and makes those that have not after 10 s.
stop_nodes() {
  local pid end=$((SECONDS + 10))
  for pid in "${NODE_PID[@]}"; do kill -CONT "$pid" 2>/dev/null || true; kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${NODE_PID[@]}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < end)); do sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  NODE_PID=()
}
