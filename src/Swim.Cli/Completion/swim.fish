# Completion of the swim command in fish. Load it with: swim completion fish | source
function __swim_complete
    set -l found (swim complete (commandline -cp | string collect) 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        # Where swim knows nothing, fish completes the names of files.
        __fish_complete_path (commandline -ct)
    end
end
complete -c swim -f -a '(__swim_complete)'
