# Sourced by chaos/run.sh: each node's directory lies on a disk of its own, and all disks lose their power at once.
# A disk is an ext4 image on a loop device. What was written to it and not synced is in the kernel's memory alone, so a copy of the
# image is what a machine finds after its plug was pulled. Two files beside each directory show that this is so: one was synced, one is
# written a moment before the copy and not synced.

readonly DISK_MIB=32 COPY_TRIES=20

means_power_loss() {
  local dir status=1
  NEEDS='root, ext4 and loop devices'
  if ((WITHOUT_SYNC)); then
    NEEDS+=' and strace'
    command -v strace >/dev/null || return 1
  fi
  [[ $EUID == 0 ]] && command -v mkfs.ext4 mount umount cmp >/dev/null || return 1
  dir="$(mktemp -d)"
  truncate -s 4M "$dir/image"
  if mkfs.ext4 -q -F "$dir/image" 2>/dev/null && mkdir "$dir/disk" && mount -o loop "$dir/image" "$dir/disk" 2>/dev/null; then
    umount "$dir/disk" && status=0
  fi
  rm -rf --one-file-system "$dir"
  return "$status"
}

prepare_power_loss() {
  local name
  for name in "${NODES[@]}"; do
    truncate -s "${DISK_MIB}M" "$WORK/$name.image"
    mkfs.ext4 -q -F "$WORK/$name.image"
    mkdir "$WORK/disk-$name"
    mount -o loop "$WORK/$name.image" "$WORK/disk-$name"
    mkdir "$WORK/disk-$name/data"
    echo synced >"$WORK/disk-$name/synced"
    # All that is there so far; from now on nobody but the node syncs.
    sync -f "$WORK/disk-$name"
    ln -s "disk-$name/data" "$WORK/$name"
  done
}

release_power_loss() {
  local disk
  for disk in "$WORK"/disk-*; do
    if mountpoint -q "$disk"; then umount "$disk" 2>/dev/null || umount --lazy "$disk" || true; fi
  done
}

# copy_image NAME: as of one moment: what changed while it was copied is copied again.
copy_image() {
  local try
  for ((try = 0; try < COPY_TRIES; try++)); do
    cp --sparse=always "$WORK/$1.image" "$WORK/$1.cut"
    if cmp -s "$WORK/$1.image" "$WORK/$1.cut"; then return 0; fi
  done
  say "the image of $1 would not stand still"
  return 1
}

# The machines that hold the copies find what those hold, and nothing else.
use_copy() {
  umount "$WORK/disk-$1"
  mv "$WORK/$1.cut" "$WORK/$1.image"
  mount -o loop "$WORK/$1.image" "$WORK/disk-$1"
}

# Every sync of the running nodes returns at once, as if it had been done. A tracer ends with the node it traces.
swallow_syncs() {
  local name try
  for name in "${NODES[@]}"; do
    strace -f -qq -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:retval=0 -p "${NODE_PID[$name]}" &
    for ((try = 0; try < 100; try++)); do
      if grep -q '^TracerPid:.*[1-9]' "/proc/${NODE_PID[$name]}/status"; then continue 2; fi
      sleep 0.1
    done
    say "$name is not traced"
    return 1
  done
  say "syncs do nothing from now on"
}

fault_power_loss() {
  local round name gone rounds=$((PHASE < 4 ? 1 : 3))
  if ((WITHOUT_SYNC)); then swallow_syncs; fi
  for ((round = 0; round < rounds; round++)); do
    more_acks $((2 * RATE))
    sleep "0.$((RANDOM % 10))"
    for name in "${NODES[@]}"; do echo "not synced" >"$WORK/disk-$name/not-synced"; done
    # They stand still so that none goes on while the disks of others are copied already; nothing makes the kernel write anything.
    kill -STOP "${NODE_PID[@]}"
    # What a client was told before the first copy began.
    say "power is cut, after $(acks) acks"
    for name in "${NODES[@]}"; do copy_image "$name"; done
    kill_nodes "${NODES[@]}"
    gone=0
    for name in "${NODES[@]}"; do
      use_copy "$name"
      [[ $(cat "$WORK/disk-$name/synced") == synced ]] || { say "the disk of $name lost what was synced"; return 1; }
      if [[ ! -s $WORK/disk-$name/not-synced ]]; then gone=$((gone + 1)); fi
    done
    say "$gone of ${#NODES[@]} disks lost what was not synced"
    # The kernel may have written one of them of its own accord. All of them: then this was no loss of power and shows nothing.
    ((gone > 0)) || { say "no disk lost anything"; return 1; }
    shuffle
    for name in "${SHUFFLED[@]}"; do start_member "$name"; done
    for name in "${NODES[@]}"; do wait_member "$name"; done
  done
}
