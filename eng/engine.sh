# Sourced by scripts that need a container engine: finds one, or runs Debian's in namespaces of its own. Needs ROOT (eng/env.sh) and
# `install_packages` (eng/foreign.sh). Exit code 77 means: there can be none here.

readonly NO_ENGINE=77
ENGINE_PID=''
# What is kept between runs: the base image, which takes half a minute to make.
readonly ENGINE_CACHE="$ROOT/artifacts/containers"

has_engine() { docker info --format '{{.ServerVersion}}' 2>/dev/null | grep -q .; }

not_run() {
  echo "**" >&2
  echo "** containers: NOT RUN: $*" >&2
  echo "** Nothing about containers has been shown on this machine." >&2
  echo "**" >&2
  exit $NO_ENGINE
}

# need_own_engine: installs what start_own_engine takes, and makes the base image, as nothing can be fetched from in there.
need_own_engine() {
  [[ $EUID == 0 ]] || not_run "no container engine answers, and only root can start one"
  [[ -r /etc/debian_version ]] || not_run "no container engine answers, and this is not Debian"
  local tools=(dockerd docker debootstrap iptables unshare ip) tool
  for tool in "${tools[@]}"; do
    if ! command -v "$tool" >/dev/null; then
      install_packages docker.io debootstrap iptables util-linux iproute2 || not_run "no container engine answers, and none can be installed"
      break
    fi
  done
  for tool in "${tools[@]}"; do command -v "$tool" >/dev/null || not_run "no $tool after installing Debian's engine"; done
  unshare --net --mount --pid --fork true || not_run "no container engine answers, and namespaces are not allowed here"
  make_base_tar
}

# in_own_namespaces COMMAND...: with a network, mounts and process ids of its own: firewall rules, bridges and containers stay inside,
# and all that runs there ends with the command.
in_own_namespaces() {
  local status=0
  OWN_ENGINE=yes unshare --net --mount --pid --fork --kill-child --mount-proc -- "$@" || status=$?
  return $status
}

# start_own_engine FOLDER: inside those namespaces.
start_own_engine() {
  [[ ${OWN_ENGINE:-} == yes ]] || { echo "an engine of our own runs in namespaces of its own only" >&2; return 1; }
  local end=$((SECONDS + 60))
  ip link set lo up
  mount -t tmpfs tmpfs /run
  # Names of containers are answered by the engine itself; nobody else is in reach.
  dockerd --data-root "$1/engine" --exec-root /run/engine --pidfile /run/engine.pid --host unix:///run/engine.sock >"$1/engine.log" 2>&1 &
  ENGINE_PID=$!
  export DOCKER_HOST=unix:///run/engine.sock
  until has_engine; do
    if ! kill -0 "$ENGINE_PID" 2>/dev/null || ((SECONDS > end)); then
      tail -n 20 "$1/engine.log" >&2
      ENGINE_PID=''
      not_run "the engine does not start, see above"
    fi
    sleep 0.2
  done
}

stop_own_engine() {
  [[ -n $ENGINE_PID ]] || return 0
  kill -TERM "$ENGINE_PID" 2>/dev/null || true
  wait "$ENGINE_PID" 2>/dev/null || true
  ENGINE_PID=''
}

# need_base_image: the one of the Dockerfile where it is there or can be had; else one of the same content, made of Debian's base
# system and this machine's .NET runtime.
need_base_image() {
  local official
  official="$(sed -nE 's/^ARG RUNTIME_IMAGE=//p' "$ROOT/Dockerfile")"
  if docker image inspect "$official" >/dev/null 2>&1; then return; fi
  if [[ ${OWN_ENGINE:-} != yes ]] && timeout 300 docker pull --quiet "$official" >/dev/null 2>&1; then return; fi
  export SWIM_RUNTIME_IMAGE=swim-local/aspnet:10.0
  make_base_tar
  docker import --change 'ENV DOTNET_ROOT=/usr/share/dotnet' "$ENGINE_CACHE/$BASE_TAR" "$SWIM_RUNTIME_IMAGE" >/dev/null
  echo "base image made here: Debian and .NET $RUNTIME"
}

# make_base_tar: sets RUNTIME, BASE_TAR.
make_base_tar() {
  local dotnet mirror codename root
  RUNTIME="$(dotnet --list-runtimes | sed -nE 's/^Microsoft\.AspNetCore\.App (10\.[0-9.]+) .*/\1/p' | sort -V | tail -n 1)"
  BASE_TAR="base-$RUNTIME.tar"
  [[ -f $ENGINE_CACHE/$BASE_TAR ]] && return
  command -v debootstrap >/dev/null || not_run "no base image can be pulled, and there is no debootstrap to make one"
  dotnet="$(dirname "$(readlink -f "$(command -v dotnet)")")"
  codename="$(. /etc/os-release && echo "$VERSION_CODENAME")"
  # The mirror this machine uses itself.
  mirror="$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    awk -v name="$codename" '$2 == name && $3 == "main" { print $1; exit }')"
  mkdir -p "$ENGINE_CACHE"
  root="$(mktemp -d)"
  if ! debootstrap --variant=minbase --include=libstdc++6,libssl3,ca-certificates "$codename" "$root" "$mirror" >"$ENGINE_CACHE/debootstrap.log" 2>&1; then
    tail -n 5 "$ENGINE_CACHE/debootstrap.log" >&2
    rm -rf "$root"
    not_run "no base image can be pulled, and debootstrap failed, see above"
  fi
  mkdir -p "$root/usr/share/dotnet/shared"/{Microsoft.NETCore.App,Microsoft.AspNetCore.App}
  cp -a "$dotnet/dotnet" "$dotnet/host" "$root/usr/share/dotnet/"
  cp -a "$dotnet/shared/Microsoft.NETCore.App/$RUNTIME" "$root/usr/share/dotnet/shared/Microsoft.NETCore.App/"
  cp -a "$dotnet/shared/Microsoft.AspNetCore.App/$RUNTIME" "$root/usr/share/dotnet/shared/Microsoft.AspNetCore.App/"
  ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
  rm -rf "$root/var/cache/apt/archives"/*.deb
  tar -C "$root" -cf "$ENGINE_CACHE/$BASE_TAR.new" .
  mv "$ENGINE_CACHE/$BASE_TAR.new" "$ENGINE_CACHE/$BASE_TAR"
  rm -rf "$root"
}

# need_sdk_image: the same for the stage that builds from source. The one made here holds this machine's SDK and, since nothing can be
# fetched inside, the packages that restoring this checkout brought, as its only package source; stand-ins are left out, so that the
# build finds them missing and makes them. Signatures are checked without asking who was revoked since.
need_sdk_image() {
  local official packages id standins=''
  official="$(sed -nE 's/^ARG SDK_IMAGE=//p' "$ROOT/Dockerfile")"
  if docker image inspect "$official" >/dev/null 2>&1; then return; fi
  if [[ ${OWN_ENGINE:-} != yes ]] && timeout 600 docker pull --quiet "$official" >/dev/null 2>&1; then return; fi
  packages="${NUGET_PACKAGES:-$HOME/.nuget/packages}"
  if [[ -f $ROOT/.standins/standins.props ]]; then
    packages="$ROOT/.standins/packages"
    standins="$(sed -nE 's/.*<StandInPackages>(.*)<.*/\1/p' "$ROOT/.standins/standins.props" | tr '[:upper:];' '[:lower:] ')"
  fi
  export SWIM_SDK_IMAGE=swim-local/sdk:10.0
  docker run --name swim-sdk --volume "$(dirname "$(readlink -f "$(command -v dotnet)")"):/from/dotnet:ro" --volume "$packages:/from/packages:ro" \
    "${SWIM_RUNTIME_IMAGE:-$(sed -nE 's/^ARG RUNTIME_IMAGE=//p' "$ROOT/Dockerfile")}" sh -euc 'cp -a /from/dotnet/. /usr/share/dotnet/; cp -a /from/packages /feed; for id in '"$standins"'; do rm -rf "/feed/$id"; done
      mkdir -p ~/.nuget/NuGet
      echo "<configuration><packageSources><clear /><add key=\"here\" value=\"/feed\" /></packageSources></configuration>" >~/.nuget/NuGet/NuGet.Config'
  docker commit --change 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 NUGET_CERT_REVOCATION_MODE=offline' swim-sdk "$SWIM_SDK_IMAGE" >/dev/null
  docker rm swim-sdk >/dev/null
}
