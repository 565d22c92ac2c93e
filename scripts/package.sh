#!/usr/bin/env bash
# Packs the client library into artifacts/packages and holds the package to its word: what is in it, and that every program of
# docs/CLIENT.md runs, each as a fresh console project in an empty folder that knows the package and nothing of this checkout, against a
# cluster of three. While the program `outliving` waits, the node that it talks to is killed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/env.sh"
cd "$ROOT"

readonly PACKAGES="$ROOT/artifacts/packages" DOCUMENT="$ROOT/docs/CLIENT.md"
readonly -a DEPENDENCIES=(Google.Protobuf Grpc.Core.Api Grpc.Net.Client Microsoft.Extensions.Configuration.Abstractions
  Microsoft.Extensions.DependencyInjection.Abstractions Microsoft.Extensions.Logging.Abstractions Microsoft.Extensions.Options)
PYTHON=/usr/bin/python3
[[ -x $PYTHON ]] || PYTHON=python3
WORK="$(mktemp -d)"
source eng/cluster.sh
consumer=
finish() {
  if [[ -n $consumer ]]; then kill "$consumer" 2>/dev/null || true; fi
  stop_nodes
  rm -rf "$WORK"
}
trap finish EXIT
fail() { echo "package: $1" >&2; exit 1; }

pack() {
  scripts/restore.sh
  rm -rf "$PACKAGES"
  dotnet pack src/Swim.Client -c Release --no-restore -o "$PACKAGES" --tl:off -nologo -v:quiet
  PACKAGE="$(find "$PACKAGES" -name 'Swim.Client.*.nupkg')"
  VERSION="$(basename "$PACKAGE" .nupkg)"
  VERSION="${VERSION#Swim.Client.}"
}

# Read by Python: not every machine has unzip.
member() { "$PYTHON" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' "$1" "$2"; }

check_content() {
  local name spec found
  for name in README.md lib/net10.0/Swim.Client.dll lib/net10.0/Swim.Client.xml; do
    [[ -n "$(member "$PACKAGE" "$name" | head -c 1 | base64)" ]] || fail "$name is empty"
  done
  member "${PACKAGE%.nupkg}.snupkg" lib/net10.0/Swim.Client.pdb >"$WORK/pdb"
  member "$PACKAGE" lib/net10.0/Swim.Client.dll >"$WORK/dll"
  spec="$(member "$PACKAGE" Swim.Client.nuspec)"
  for name in '<license type="expression">Apache-2.0</license>' '<readme>README.md</readme>' '<authors>Swim Orchestrator contributors</authors>'; do
    [[ $spec == *"$name"* ]] || fail "the specification lacks $name"
  done
  found="$(sed -nE 's/.*<dependency id="([^"]+)".*/\1/p' <<<"$spec" | LC_ALL=C sort)"
  [[ $found == "$(printf '%s\n' "${DEPENDENCIES[@]}" | LC_ALL=C sort)" ]] || fail "depends on other packages than it should: $found"
  [[ $spec != *frameworkReference* ]] || fail "needs a shared framework beside the runtime"
  for name in dll pdb; do
    if grep -qaF "$ROOT" "$WORK/$name"; then fail "the $name has the path of this checkout"; fi
  done
  echo "package: $(basename "$PACKAGE"): content and dependencies as they should be"
}

# The sources of a consumer: the folder with the package, the machine's own, and what stands in for ids that those lack. A package
# folder of its own, or an older package of the same version might be used.
write_sources() {
  local standins=''
  if [[ -f .standins/standins.props ]]; then standins="<add key=\"stand-ins\" value=\"$ROOT/.standins/feed\" />"; fi
  cat >"$WORK/nuget.config" <<XML
<configuration>
  <config><add key="globalPackagesFolder" value="$WORK/packages" /></config>
  <packageSources><add key="packed" value="$PACKAGES" />$standins</packageSources>
</configuration>
XML
}

write_project() {
  local hosting=''
  # The host comes with the framework of web programs; the others must do without that.
  if grep -q 'Microsoft.Extensions.Hosting' "$WORK/$1/Program.cs"; then hosting='<FrameworkReference Include="Microsoft.AspNetCore.App" />'; fi
  cat >"$WORK/$1/$1.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <WarningsNotAsErrors>NU1900;NU1901;NU1902;NU1903;NU1904;NU1905</WarningsNotAsErrors>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="Swim.Client" Version="$VERSION" />$hosting</ItemGroup>
</Project>
XML
}

build() {
  write_project "$1"
  (cd "$WORK/$1" && dotnet build -c Release -o "$WORK/$1/out" --tl:off -nologo -v:quiet) >"$WORK/$1.log" 2>&1 || { cat "$WORK/$1.log" >&2; fail "program $1 does not build"; }
  cmp -s "$WORK/$1/out/Swim.Client.dll" "$WORK/dll" || fail "program $1 was built with another Swim.Client than was packed"
}

start_cluster() {
  local base node
  base="$(free_base 3)"
  for node in 0 1 2; do
    local join=(--seeds "127.0.0.1:$base")
    if ((node == 0)); then join=(); fi
    start_node "n$node" --cluster "package-$$" --bind 127.0.0.1 --grpc-port $((base + 10 * node)) --http-port $((base + 10 * node + 1)) \
      --udp-port $((base + 10 * node + 2)) "${join[@]}"
    wait_ready "n$node"
  done
  SWIM_SERVER="${NODE_GRPC[n0]},${NODE_GRPC[n1]},${NODE_GRPC[n2]}"
  export SWIM_SERVER Swim__Servers="$SWIM_SERVER"
  local end=$((SECONDS + 60))
  for node in n0 n1 n2; do
    until [[ "$(swim members -s "${NODE_GRPC[$node]}" -o json | grep -o MEMBER_STATE_ALIVE | wc -l)" == 3 ]]; do
      ((SECONDS < end)) || fail "the cluster did not come together"
      sleep 0.2
    done
  done
}

# run NAME [NODE]: with a node, that one is killed as soon as the program says that it waits.
run() {
  local name="$1" node="${2:-}" output="$WORK/$1.out" end=$((SECONDS + 60)) status=0
  : >"$output"
  dotnet "$WORK/$name/out/$name.dll" >>"$output" 2>&1 &
  consumer=$!
  if [[ -n $node ]]; then
    until grep -q '^waiting$' "$output"; do
      kill -0 "$consumer" 2>/dev/null && ((SECONDS < end)) || { cat "$output" >&2; fail "program $name does not come to wait"; }
      sleep 0.05
    done
    kill_node "$node"
    ! grep -q 'still here' "$output" || fail "program $name had ended before the node was killed"
  fi
  while kill -0 "$consumer" 2>/dev/null && ((SECONDS < end)); do sleep 0.05; done
  kill "$consumer" 2>/dev/null && fail "program $name did not end within 60 s: $(cat "$output")"
  wait "$consumer" || status=$?
  consumer=
  ((status == 0)) || { cat "$output" >&2; fail "program $name ended with $status"; }
  "$PYTHON" eng/doc_programs.py check "$DOCUMENT" "$name" "$output" || exit 1
  echo "package: program $name: output as written${node:+, though its node was killed meanwhile}"
}

pack
check_content
write_sources
names="$("$PYTHON" eng/doc_programs.py write "$DOCUMENT" "$WORK")"
[[ $names == *first* && $names == *outliving* ]] || fail "docs/CLIENT.md lacks its programs"
for name in $names; do build "$name"; done
scripts/swim.sh --version
# A proxy that is set for web pages, here one that does not answer, is none for a cluster and its clients.
export http_proxy=http://127.0.0.1:9
start_cluster
for name in $names; do if [[ $name != outliving ]]; then run "$name"; fi; done
run outliving n0
echo "package: ok"
