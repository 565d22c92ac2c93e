#!/usr/bin/env bash
# curl against a live node's HTTP port. Usage: client.sh HOST:PORT. Exits 0 only if every case held.
set -euo pipefail
readonly BASE="http://$1"
failed=0 cases=0

# status PATH ARGS...: the HTTP status; the body is then in $BODY.
BODY="$(mktemp)"
trap 'rm -f "$BODY"' EXIT
status() { curl --silent --show-error --max-time 30 --output "$BODY" --write-out '%{http_code}' "${@:2}" "$BASE$1"; }

# holds NAME EXPECTED ACTUAL
holds() {
  cases=$((cases + 1))
  if [[ $2 == "$3" ]]; then
    echo "ok: curl: $1"
  else
    failed=$((failed + 1))
    echo "FAILED: curl: $1: $3 instead of $2; body: $(head -c 500 "$BODY")"
  fi
}

holds "livez answers 200" 200 "$(status /livez)"
holds "readyz answers 200 on a ready node" 200 "$(status /readyz)"
holds "an unknown path answers 404" 404 "$(status /no/such/path)"
holds "HTTP/1.0 is understood" 200 "$(status /livez --http1.0)"

echo "curl: $((cases - failed)) of $cases cases hold"
((failed == 0))
