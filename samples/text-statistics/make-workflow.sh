#!/usr/bin/env bash
# Writes a workflow that counts lines, words and bytes of each file given, sums them for each folder, and sums the sums.
#   make-workflow.sh [--pace MS] FILE...            or the files' names on standard input, one a line
# --pace MS starts ten files at a time, MS milliseconds after the ten before, so that there is time to watch, or to kill a node.
set -euo pipefail

# awk cannot tell an escape from text when it is given by -v, hence the environment.
export PACE=0
if [[ ${1:-} == --pace ]]; then
  [[ ${2:-} =~ ^[0-9]{1,5}$ ]] || { echo "make-workflow.sh: --pace needs milliseconds, at most 99999" >&2; exit 2; }
  PACE=$2
  shift 2
fi

if (($# > 0)); then printf '%s\n' "$@"; else cat; fi |
  while IFS= read -r file; do
    [[ -f $file && -r $file ]] || { echo "make-workflow.sh: $file is no readable file" >&2; exit 2; }
    [[ $file != *[\"\\[:cntrl:]]* ]] || { echo "make-workflow.sh: $file: a quote, a backslash or a control character in the name" >&2; exit 2; }
    # The folder, at most two names deep, and where any node on this machine finds the file.
    folder="$(dirname "$file" | cut -d/ -f1-2)"
    [[ $file == /* ]] || file="$PWD/$file"
    printf '%s\t%s\n' "$folder" "$file"
  done | LC_ALL=C sort | LC_ALL=C awk -F '\t' '
    function quoted(text) {
      gsub(/\$OUTPUT\[/, "$$OUTPUT[", text)
      gsub(/\$INPUT/, "$$INPUT", text)
      return "\"" text "\""
    }
    # A shell task; the C locale makes every machine split the same bytes into the same words.
    function shell(id, argv, rest) {
      printf "  - { id: \"%s\", tool: \"shell:exec\", arguments: { argv: %s, env: { LC_ALL: C }%s", id, argv, rest
    }
    function sum(id, refs) {
      shell(id, "[\"awk\", \"{ l += $1; w += $2; b += $3 } END { printf \\\"%.0f %.0f %.0f\\\", l, w, b }\"]", ", stdin: \"" refs "\"")
      print " } }"
    }
    NR == 1 { print "name: text-statistics"; print "tasks:" }
    $1 != folder {
      folder = $1
      folders[++groups] = folder
    }
    ENVIRON["PACE"] > 0 && NR % 10 == 1 {
      printf "  - { id: \"pace-%d\", tool: \"builtin:delay\", arguments: { ms: %d } }\n", ++batches, batches * ENVIRON["PACE"]
    }
    {
      id = sprintf("count-%03d", NR)
      shell(id, "[\"wc\", \"-lwc\", " quoted($2) "]", "")
      print " }" (ENVIRON["PACE"] > 0 ? ", depends_on: [\"pace-" batches "\"]" : "") " }"
      counts[groups] = counts[groups] "$OUTPUT[" id "].stdout"
    }
    END {
      if (NR == 0) { print "make-workflow.sh: no files" > "/dev/stderr"; exit 2 }
      for (i = 1; i <= groups; i++) {
        sum("sum-" i, counts[i])
        sums = sums "$OUTPUT[sum-" i "].stdout\\n"
      }
      sum("total", sums)
      print "output:"
      printf "  files: %d\n", NR
      print "  columns: lines words bytes"
      print "  total: \"$OUTPUT[total].stdout\""
      print "  folders:"
      for (i = 1; i <= groups; i++) printf "    %s: \"$OUTPUT[sum-%d].stdout\"\n", quoted(folders[i]), i
    }'
