# Completion of the swim command in bash. Load it with: source <(swim completion bash)
_swim_complete() {
  local line="${COMP_LINE:0:COMP_POINT}" current="${COMP_WORDS[COMP_CWORD]}" word before="" reply
  word="${line##*[[:space:]]}"
  # bash takes : = and @ for ends of words and replaces only what stands behind the last one.
  if [[ $word == *"$current" ]]; then before="${word%"$current"}"; fi
  COMPREPLY=()
  while IFS= read -r reply; do
    reply="${reply%%$'\t'*}"
    COMPREPLY+=("${reply#"$before"}")
  done < <("${COMP_WORDS[0]}" complete "$line" 2>/dev/null)
}
# Where swim knows nothing, bash completes the names of files.
complete -o bashdefault -o default -F _swim_complete swim
