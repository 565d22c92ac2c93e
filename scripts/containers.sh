#!/usr/bin/env bash
# The cluster of docker-compose.cluster.yml, for real: five containers in two zones become healthy, a stock client gives one of them a
# workflow, one is killed, another gives the result; then all is taken down. Compose 1.29 and compose 2 each start it. Uses the
# container engine that runs here; where none does and this user is root on Debian, installs one and runs it in namespaces of its own,
# which leave nothing behind.
# Exit code 0: all of that held. 77: NOT RUN, there can be no engine here, or not both versions of compose. Anything else: it ran and failed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
source "$ROOT/eng/foreign.sh"
source "$ROOT/eng/engine.sh"
source "$ROOT/eng/compose.sh"
cd "$ROOT"

readonly NODES=(n0 n1 n2 n3 n4) SUBMIT=n0 KILLED=n4 READ=n3 FROM_SOURCE=swim-orchestrator:containers-test-source
export COMPOSE_PROJECT_NAME="swim-containers-test" SWIM_IMAGE="swim-orchestrator:containers-test" SWIM_TARGET=prebuilt

say() { echo "[$SECONDS s] $*"; }
die() { echo "containers: $*" >&2; exit 1; }

# The first time through there may be no engine; the second, inside, there is one.
if [[ ${1:-} != --inside ]]; then
  scripts/swim.sh --version
  # Nothing here compiles again, so that the containers run what was built and tested.
  rm -rf artifacts/publish
  dotnet publish src/Swim.Cli -c Release --no-restore --no-build -p:UseAppHost=false --tl:off -nologo -v:quiet -o artifacts/publish
  need_clients python_client
  make_python_stubs
  for version in 1 2; do need_compose $version || echo "** no compose $version, and none can be installed" >&2; done
  if has_engine; then
    exec "$0" --inside
  fi
  need_own_engine # ends the script with 77 where that cannot be
  in_own_namespaces "$0" --inside
  exit
fi

WORK="$(mktemp -d)"
finish() {
  local status=$?
  if ((status != 0 && status != NO_ENGINE && ${#COMPOSE[@]} > 0)) && has_engine; then compose logs --tail 8 >&2 || true; fi
  docker rm --force lonely swim-sdk >/dev/null 2>&1 || true
  if ((${#COMPOSE[@]} > 0)) && has_engine; then compose down --volumes --timeout 10 >"$WORK/down" 2>&1 || { cat "$WORK/down" >&2; status=1; }; fi
  docker image rm "$SWIM_IMAGE" "$FROM_SOURCE" >/dev/null 2>&1 || true
  stop_own_engine
  rm -rf "$WORK"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

container() { compose ps --quiet "$1"; }
health() { docker inspect --format '{{.State.Health.Status}}' "$(container "$1")"; }
at() { compose port "$1" 7400; }
inside() { docker exec "$(container "$1")" "${@:2}"; }
alive_at() { inside "$1" dotnet /app/swim.dll members -o json --timeout 5s | grep -o MEMBER_STATE_ALIVE | wc -l; }
# until WHAT SECONDS COMMAND...
until_holds() {
  local what="$1" end=$((SECONDS + $2))
  until "${@:3}"; do
    ((SECONDS < end)) || die "not within $2 s: $what"
    sleep 0.5
  done
  say "$what"
}
are_healthy() { local node; for node in "${NODES[@]}"; do [[ $(health "$node") == healthy ]] || return 1; done; }
sees() { [[ $(alive_at "$1" || true) == "$2" ]]; }

start_cluster() {
  compose config --quiet
  compose build --quiet >"$WORK/build" 2>&1 || { cat "$WORK/build" >&2; die "the image does not build"; }
  say "image built"
  compose up --detach --no-build >"$WORK/up" 2>&1 || { cat "$WORK/up" >&2; die "the cluster does not start"; }
  until_holds "all ${#NODES[@]} containers are healthy" 90 are_healthy
  until_holds "$READ sees ${#NODES[@]} members alive" 60 sees "$READ" ${#NODES[@]}
}

# As locked in as the file says.
check_locked_in() {
  local node
  for node in "${NODES[@]}"; do
    [[ "$(at "$node")" == 127.0.0.1:* ]] || die "$node is published on $(at "$node")"
  done
  [[ "$(inside $SUBMIT id -u)" == 1654 ]] || die "the node runs as user $(inside $SUBMIT id -u)"
  if inside $SUBMIT touch /app/written 2>/dev/null || inside $SUBMIT touch /written 2>/dev/null; then die "the root file system can be written"; fi
  inside $SUBMIT grep -qE '^CapEff:\s0+$' /proc/self/status || die "the node has capabilities"
  inside $SUBMIT grep -qE '^NoNewPrivs:\s1$' /proc/self/status || die "the node may gain privileges"
  say "user 1654, read-only root, no capabilities, published on loopback only"
}

# The health check can say no: a node that finds nobody to join.
check_lonely() {
  docker run --detach --name lonely --read-only --tmpfs /tmp "$SWIM_IMAGE" node --seeds 127.0.0.1:9 >/dev/null
  until_holds "a node without its cluster answers that it is not ready" 30 is_unready
  if docker exec lonely dotnet /app/swim.dll health --timeout 4s >/dev/null; then die "its health check succeeds"; fi
  docker rm --force lonely >/dev/null
}
is_unready() { [[ "$(docker exec lonely dotnet /app/swim.dll health --timeout 4s 2>/dev/null)" == "not ready" ]]; }

# A workflow through one peer, its result from another, with a third killed on the way.
run_through_two() {
  local id
  id="$(python_client through_two_nodes.py submit "$(at $SUBMIT)")"
  docker kill "$(container $KILLED)" >/dev/null
  say "submitted $id to $SUBMIT, killed $KILLED"
  say "result from $READ: $(python_client through_two_nodes.py result "$(at $READ)" "$id")"
  until_holds "$READ knows that $KILLED is gone" 60 sees "$READ" $((${#NODES[@]} - 1))
  compose start $KILLED >/dev/null 2>&1
  until_holds "$KILLED is back with its data and healthy" 60 are_healthy
  until_holds "$READ sees it" 60 sees "$READ" ${#NODES[@]}
}

# And the stage most people build: from source, in the container.
build_from_source() {
  need_sdk_image
  SWIM_TARGET=final SWIM_IMAGE=$FROM_SOURCE compose build n0 >"$WORK/build" 2>&1 || { tail -n 40 "$WORK/build" >&2; die "the image does not build from source"; }
  say "built from source: $(docker run --rm --read-only --tmpfs /tmp "$FROM_SOURCE" --version)"
}

take_down() {
  compose down --volumes --timeout 15 >/dev/null 2>&1 || die "it cannot be taken down"
  [[ -z "$(docker ps --all --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")" ]] || die "containers are left"
  [[ -z "$(docker volume ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")" ]] || die "volumes are left"
}

if ! has_engine; then start_own_engine "$WORK"; fi
need_base_image
ran=0 lacking=()
for version in 1 2; do
  if ! use_compose $version; then lacking+=("compose $version"); continue; fi
  say "engine $(docker version --format '{{.Server.Version}}'), compose $(compose version --short)"
  start_cluster
  inside $READ dotnet /app/swim.dll members
  check_locked_in
  # What follows is the image's, whichever compose started it.
  if ((ran++ == 0)); then
    check_lonely
    run_through_two
    build_from_source
  fi
  take_down
done
if ((${#lacking[@]} > 0)); then not_run "${lacking[*]} not to be had"; fi
say "containers ok"
