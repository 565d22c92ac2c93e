# Sourced by scripts that use stock clients of other languages: has them, or installs them where this user may. Needs ROOT (eng/env.sh).

# Debian's packages belong to Debian's interpreter, whichever other one comes first in the path.
PYTHON=/usr/bin/python3
[[ -x $PYTHON ]] || PYTHON=python3
PYTHON_STUBS="$ROOT/artifacts/foreign/python"

has_python_client() {
  command -v protoc >/dev/null && command -v grpc_python_plugin >/dev/null && "$PYTHON" -c 'import google.protobuf, grpc' 2>/dev/null
}
has_curl() { command -v curl >/dev/null; }
has_node() { command -v node >/dev/null && command -v npm >/dev/null; }

# install_packages PACKAGE...: Debian's packages, or says what to install.
install_packages() {
  if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "needs the Debian packages $*: install them" >&2
    return 1
  fi
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# need_clients NAME...: of python_client, curl, node; installs what is missing, at once.
need_clients() {
  local -A packages=([python_client]="python3-grpcio python3-protobuf protobuf-compiler protobuf-compiler-grpc" [curl]=curl [node]="nodejs npm")
  local name missing=()
  for name in "$@"; do "has_$name" || missing+=(${packages[$name]}); done
  if ((${#missing[@]} > 0)); then install_packages "${missing[@]}"; fi
  for name in "$@"; do "has_$name" || { echo "no working $name after installing ${missing[*]}" >&2; return 1; }; done
}

# python_client SCRIPT ARGS...: a script of tests/foreign/python, at most two minutes.
python_client() {
  timeout 120 env PYTHONPATH="$PYTHON_STUBS" PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$ROOT/tests/foreign/python/$1" "${@:2}"
}

# make_python_stubs: from protos/, by Debian's own compiler.
make_python_stubs() {
  rm -rf "$PYTHON_STUBS"
  mkdir -p "$PYTHON_STUBS"
  (cd "$ROOT" && find protos -name '*.proto' -exec protoc -I protos --python_out="$PYTHON_STUBS" --grpc_out="$PYTHON_STUBS" \
    --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" {} +)
}
