"""Takes the programs out of a document. Usage: doc_programs.py write FILE.md FOLDER | check FILE.md NAME OUTPUT

write: each block marked ```csharp runnable NAME becomes FOLDER/NAME/Program.cs; prints the names, one a line.
check: the file OUTPUT has every line of the ```text output block that follows the program NAME.
"""

import pathlib
import sys

from doc_blocks import FENCE, has_line


def programs_of(path):
    """Name, source and the lines of output that are expected, in the document's order."""
    programs = []
    for info, body in FENCE.findall(path.read_text(encoding="utf-8")):
        words = info.split()
        if words[:2] == ["csharp", "runnable"] and len(words) == 3:
            programs.append((words[2], body, []))
        elif words == ["text", "output"] and programs:
            programs[-1][2].extend(line for line in body.splitlines() if line.strip())
    return programs


def write(path, folder):
    for name, body, _ in programs_of(path):
        (folder / name).mkdir(parents=True)
        (folder / name / "Program.cs").write_text(body, encoding="utf-8")
        print(name)


def check(path, name, output):
    expected = {program: lines for program, _, lines in programs_of(path)}[name]
    text = output.read_text(encoding="utf-8")
    missing = [line for line in expected if not has_line(text, line)]
    if missing or not expected:
        print(f"FAILED: {path}, program {name}: not in its output: {missing}; the output:\n{text[-4000:]}")
    return not missing and bool(expected)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"] and len(sys.argv) == 4:
        write(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
    elif sys.argv[1:2] == ["check"] and len(sys.argv) == 5:
        sys.exit(0 if check(pathlib.Path(sys.argv[2]), sys.argv[3], pathlib.Path(sys.argv[4])) else 1)
    else:
        sys.exit(__doc__)
