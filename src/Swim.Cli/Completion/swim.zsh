#compdef swim
# Completion of the swim command in zsh. Load it after compinit with: source <(swim completion zsh)
_swim() {
  local -a replies items
  local reply
  replies=("${(@f)$("${words[1]}" complete "${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
  for reply in $replies; do
    items+=("${${reply%%$'\t'*}//:/\\:}:${reply#*$'\t'}")
  done
  # Where swim knows nothing, zsh completes the names of files.
  if (( ${#items} )); then _describe -V 'swim' items; else _files; fi
}
if [[ ${funcstack[1]} == _swim ]]; then _swim "$@"; else compdef _swim swim; fi
