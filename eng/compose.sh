# Sourced by scripts that use docker-compose.cluster.yml with each version of compose. Needs ROOT (eng/env.sh), ENGINE_CACHE
# (eng/engine.sh) and `install_packages` (eng/foreign.sh).

COMPOSE=()

# use_compose 1|2: whether that version is here; `compose` is that one from then on.
use_compose() {
  local candidates=("docker compose" docker-compose "$ENGINE_CACHE/compose-2/docker-compose") candidate
  for candidate in "${candidates[@]}"; do
    read -ra COMPOSE <<<"$candidate"
    if [[ "$("${COMPOSE[@]}" version --short 2>/dev/null)" =~ ^v?"$1." ]]; then return; fi
  done
  COMPOSE=()
  return 1
}

compose() { "${COMPOSE[@]}" -f "$ROOT/docker-compose.cluster.yml" "$@"; }

# need_compose 1|2: has it or installs it where this user may.
need_compose() {
  use_compose "$1" && return
  [[ $EUID == 0 && -r /etc/debian_version ]] || return 1
  case $1 in
    1) install_packages docker-compose ;;
    2) fetch_compose_2 ;;
  esac
  use_compose "$1"
}

# Debian 12 has only version 1 and Debian 13 only version 2, which needs nothing but libc: it is unpacked beside the other, not installed.
fetch_compose_2() {
  local work mirror lists
  work="$(mktemp -d)"
  mirror="$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    awk -v name="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == name && $3 == "main" { print $1; exit }')"
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$ENGINE_CACHE/compose-2"
  echo "deb $mirror trixie main" >"$work/sources.list"
  lists=(-o "Dir::State::lists=$work/lists" -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root -q)
  if (cd "$work" && apt-get "${lists[@]}" update && apt-get "${lists[@]}" download docker-compose && dpkg-deb -x docker-compose_*.deb unpacked) >"$work/log" 2>&1; then
    find "$work/unpacked" -name docker-compose -type f -perm -u+x -exec cp {} "$ENGINE_CACHE/compose-2/docker-compose" \;
  else
    tail -n 5 "$work/log" >&2
  fi
  rm -rf "$work"
}
