#!/usr/bin/env bash
# curl against a live node's HTTP port. Usage: client.sh HOST:PORT. Exits 0 only if every case held.
set -euo pipefail
readonly BASE="http://$1"
failed=0 cases=0

# status PATH ARGS...: the HTTP status; body and headers are then in $BODY and $HEADERS.
BODY="$(mktemp)"
HEADERS="$(mktemp)"
trap 'rm -f "$BODY" "$HEADERS"' EXIT
status() { curl --silent --show-error --max-time 30 --output "$BODY" --dump-header "$HEADERS" --write-out '%{http_code}' "${@:2}" "$BASE$1"; }

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

# field NAME: the first value of a JSON field of the last body.
field() { sed -nE 's/.*"'"$1"'": ?"?([^",} ]*).*/\1/p' "$BODY" | head -n 1; }
# header NAME: its value in the last answer.
header() { sed -nE "s/^$1: (.*)\r$/\1/Ip" "$HEADERS"; }

readonly YAML='Content-Type: application/yaml' JSON='Content-Type: application/json'
# document NAME DELAY-MS: two tasks, one after the other.
document() {
  printf 'name: %s\ntasks:\n  - { id: a, tool: "builtin:delay", arguments: { ms: %s, value: 21 } }\n  - { id: b, tool: "builtin:sum", arguments: { values: ["$OUTPUT[a]", 21] } }\noutput: "$OUTPUT[b]"\n' "$1" "$2"
}

holds "livez answers 200" 200 "$(status /livez)"
holds "readyz answers 200 on a ready node" 200 "$(status /readyz)"
holds "an unknown path answers 404" 404 "$(status /no/such/path)"
holds "HTTP/1.0 is understood" 200 "$(status /livez --http1.0)"

holds "startupz answers 200" 200 "$(status /startupz)"
holds "HEAD gives headers without a body" "200 3 0" "$(status /livez --head) $(header Content-Length) $(grep -c '^ok' "$BODY")"
holds "metrics are there" 200 "$(status /metrics)"
holds "the description names the paths" "200 true" "$(status /openapi.json) $(grep -q '"/v1/workflows/{workflow_id}/watch"' "$BODY" && echo true)"

holds "submit: a YAML document is stored" 201 "$(status /v1/workflows -H "$YAML" -H 'Idempotency-Key: "curl-1"' --data-binary "$(document curl 1)")"
id="$(field workflow_id)"
holds "submit: Location leads to the workflow" "/v1/workflows/$id" "$(header Location)"
holds "submit: the same key gives the same workflow" "200 $id true" "$(status /v1/workflows -H "$YAML" -H 'Idempotency-Key: curl-1' --data-binary "$(document curl 1)") $(field workflow_id) $(field existing)"
holds "submit: a key of another document is a conflict" "409 KEY_TAKEN" "$(status /v1/workflows -H "$YAML" -H 'Idempotency-Key: curl-1' --data-binary "$(document other 1)") $(field code)"
holds "submit: a request message as JSON" 201 "$(status /v1/workflows -H "$JSON" --data '{"document":"tasks: [{ id: a, tool: \"builtin:echo\", arguments: { value: 1 } }]","namespace":"curl"}')"
holds "get: waits for the end" "200 WORKFLOW_STATE_SUCCEEDED 42" "$(status "/v1/workflows/$id?wait_ms=30000") $(sed -nE 's/.*"name": "curl", "state": "([A-Z_]+)".*/\1/p' "$BODY") $(sed -nE 's/.*\], "output_json": "([0-9]+)".*/\1/p' "$BODY")"
holds "list: by name" "200 $id" "$(status '/v1/workflows?name_prefix=curl&states=WORKFLOW_STATE_SUCCEEDED') $(field workflow_id)"
holds "validate: a mistake has its place" "200 4 builtin:sum" "$(document bad 1 | sed 's/builtin:sum/builtin:sun/' >"$BODY.in"; status /v1/validate -H "$YAML" --data-binary "@$BODY.in") $(field line) $(field suggestion)"
rm -f "$BODY.in"
holds "members, status and ring" "200 200 200" "$(status /v1/cluster/members) $(status /v1/cluster/status) $(status "/v1/cluster/ring?workflow_id=$id")"

status /v1/workflows -H "$YAML" --data-binary "$(document followed 1500)" >/dev/null
id="$(field workflow_id)"
holds "watch: events until the end" "200 text/event-stream" "$(status "/v1/workflows/$id/watch" --no-buffer) $(header Content-Type)"
holds "watch: one snapshot, then deltas" "1 true" "$(grep -c '^event: snapshot$' "$BODY") $(grep -q '^event: delta$' "$BODY" && echo true)"
holds "watch: the last event has the result" true "$(grep '^data: ' "$BODY" | tail -n 1 | grep -q '"state": "WORKFLOW_STATE_SUCCEEDED".*"output_json": "42"' && echo true)"
last="$(sed -n 's/^id: //p' "$BODY" | tail -n 1)"
holds "watch: after the end there is nothing for who has seen it" 204 "$(status "/v1/workflows/$id/watch" -H "Last-Event-ID: $last")"

status /v1/workflows -H "$YAML" --data-binary "$(document cancelled 60000)" >/dev/null
id="$(field workflow_id)"
holds "cancel: is taken" 200 "$(status "/v1/workflows/$id/cancel" --request POST)"
holds "cancel: ends the workflow" "200 WORKFLOW_STATE_CANCELLED" "$(status "/v1/workflows/$id?wait_ms=30000") $(sed -nE 's/.*"name": "cancelled", "state": "([A-Z_]+)".*/\1/p' "$BODY")"

holds "list: a page, newest first" "200 $id" "$(status '/v1/workflows?page_size=1') $(field workflow_id)"
token="$(field next_page_token)"
holds "list: the next page goes on with its token" "200 followed" "$(status "/v1/workflows?page_size=1&page_token=$token") $(field name)"

holds "error: a problem with its code" "400 application/problem+json INVALID_ARGUMENT" "$(status /v1/workflows -H "$YAML" --data-binary 'tasks: []') $(header Content-Type) $(field code)"
holds "error: an unknown workflow" "404 NOT_FOUND" "$(status "/v1/workflows/$(printf '0%.0s' {1..32})") $(field code)"
holds "error: a field that is not there" "400 INVALID_ARGUMENT" "$(status '/v1/workflows?page=2') $(field code)"
holds "error: another method" "405 GET, HEAD" "$(status "/v1/workflows/$id" --request DELETE) $(header Allow)"
holds "error: a form is no document" "415 UNSUPPORTED_MEDIA_TYPE" "$(status /v1/workflows --data 'a=1') $(field code)"
holds "error: a body over 40 MiB" "413 RESOURCE_EXHAUSTED" "$(head -c 42000000 /dev/zero | tr '\0' x | status /v1/workflows -H "$YAML" --data-binary @-) $(field code)"
holds "error: a page of another origin" "403 PERMISSION_DENIED" "$(status "/v1/workflows/$id/cancel" --request POST -H 'Origin: http://elsewhere.example') $(field code)"

echo "curl: $((cases - failed)) of $cases cases hold"
((failed == 0))
