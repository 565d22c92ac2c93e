# Sourced by chaos/run.sh: the directory of one node lies on a small disk, which fills. The node must say so and refuse what is new, must go
# on answering what its log has and stay a member, and must come back by itself once there is space.

readonly FULL=n2 FULL_MIB=8 FILL_TRIES=60

means_disk_full() {
  local dir status=1
  NEEDS='root and tmpfs'
  [[ $EUID == 0 ]] && command -v mount umount curl >/dev/null || return 1
  dir="$(mktemp -d)"
  if mount -t tmpfs -o size=64k tmpfs "$dir" 2>/dev/null; then umount "$dir" && status=0; fi
  rm -rf --one-file-system "$dir"
  return "$status"
}

prepare_disk_full() {
  mkdir "$WORK/$FULL"
  mount -t tmpfs -o "size=${FULL_MIB}m" tmpfs "$WORK/$FULL"
  # So large that few of them fill what the log has reserved.
  printf 'name: large\ntasks: [{ id: one, tool: "builtin:echo", arguments: { value: "%s" } }]\n' "$(head -c 150000 /dev/zero | tr '\0' x)" >"$WORK/large.yaml"
  printf 'name: small\ntasks: [{ id: one, tool: "builtin:echo", arguments: { value: 1 } }]\n' >"$WORK/small.yaml"
}

release_disk_full() {
  if mountpoint -q "$WORK/$FULL"; then umount "$WORK/$FULL" 2>/dev/null || umount --lazy "$WORK/$FULL" || true; fi
}

# ready_code: what the node's HTTP face answers to who asks whether it is ready.
ready_code() { curl -s -o /dev/null -m 5 -w '%{http_code}' "http://127.0.0.1:$((BASE + 10 * ${FULL#n} + 1))/readyz" || true; }

# until_ready CODE: 30 s at most.
until_ready() {
  local end=$((SECONDS + 30))
  until [[ $(ready_code) == "$1" ]]; do
    ((SECONDS < end)) || { say "/readyz is $(ready_code), not $1"; return 1; }
    sleep 0.2
  done
}

# held_by_full: a workflow that has ended and of which each home owner, this node among them, has all on its disk.
held_by_full() {
  local try id server="${NODE_GRPC[$FULL]}"
  for ((try = 0; try < 40; try++)); do
    id="$(swim submit "$WORK/small.yaml" --server "$server" --ack all 2>/dev/null)"
    if swim ring "$id" --server "$server" | grep -q "^$FULL .*home owner"; then
      swim get "$id" --wait --server "$server" >/dev/null
      echo "$id"
      return
    fi
  done
  return 1
}

fault_disk_full() {
  local kept try name answer='' server="${NODE_GRPC[$FULL]}"
  kept="$(held_by_full)"
  # Until the last byte.
  head -c "$((2 * FULL_MIB))M" /dev/zero >"$WORK/$FULL/ballast" 2>/dev/null || true
  for ((try = 0; try < FILL_TRIES; try++)); do
    if ! answer="$(swim submit "$WORK/large.yaml" --server "$server" -o json --timeout 10s 2>&1)" && [[ $answer == *RESOURCE_EXHAUSTED* ]]; then break; fi
  done
  say "the disk of $FULL is full after $try large workflows: $answer"
  ((try < FILL_TRIES)) || { say "nothing was refused"; return 1; }
  until_ready 503
  swim get "$kept" --server "$server" | grep -q SUCCEEDED || { say "$FULL does not answer what its log has"; return 1; }
  sleep "$PHASE"
  # Gossip goes on: the others see it, and it sees them.
  for name in "${NODES[@]}"; do all_see "$name" alive >/dev/null; done
  answer="$(swim submit "$WORK/small.yaml" --server "$server" -o json 2>&1)" && { say "it took something new: $answer"; return 1; }
  [[ $answer == *RESOURCE_EXHAUSTED* && $(ready_code) == 503 ]] || { say "it is not full any more: $answer"; return 1; }
  # Nobody waits for it to take anything in. What it plans itself, and no other, waits.
  more_acks $((2 * RATE))
  rm "$WORK/$FULL/ballast"
  say "there is space again"
  until_ready 200
  swim run "$WORK/small.yaml" --plain --server "$server" --timeout 30s >&2
}
