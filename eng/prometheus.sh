# Sourced by the script that has Prometheus scrape a node: finds one, or unpacks Debian's without installing it. Needs ROOT (eng/env.sh).
# Exit code 77 means: there can be none here.

readonly NO_PROMETHEUS=77
readonly PROMETHEUS_HOME="$ROOT/artifacts/prometheus"

has_prometheus() { command -v prometheus >/dev/null && command -v promtool >/dev/null; }

# need_prometheus: has `prometheus` and `promtool` in the path from here on, or ends the script.
need_prometheus() {
  PATH="$PROMETHEUS_HOME/usr/bin:$PATH"
  if has_prometheus; then return; fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    no_prometheus "this is no Debian, and there is no prometheus in the path"
  fi
  rm -rf "$PROMETHEUS_HOME"
  mkdir -p "$PROMETHEUS_HOME/package"
  # Without a list of packages there is nothing to download; only root may fetch one.
  if [[ $EUID == 0 ]]; then apt-get update -q || no_prometheus "Debian's list of packages cannot be downloaded"; fi
  (cd "$PROMETHEUS_HOME/package" && apt-get download -q -o APT::Sandbox::User=root prometheus) || no_prometheus "Debian's package cannot be downloaded"
  dpkg-deb --extract "$PROMETHEUS_HOME"/package/prometheus_*.deb "$PROMETHEUS_HOME"
  rm -rf "$PROMETHEUS_HOME/package"
  hash -r
  has_prometheus || { echo "the package holds no prometheus and promtool" >&2; return 1; }
}

no_prometheus() {
  echo "NOT RUN: no Prometheus: $1" >&2
  exit $NO_PROMETHEUS
}
