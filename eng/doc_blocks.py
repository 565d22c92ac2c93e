"""Holds the documents to their word. Usage: doc_blocks.py links | run FILE.md...

links: every relative link of every *.md leads to a file, and its fragment to a heading there.
run: the blocks marked ```sh runnable of each file run, in one shell for the whole file; what they print has every line of the
```text output block that follows, in which " ... " stands for anything.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = {"bin", "obj", "node_modules", "artifacts", ".standins", ".git"}
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```\s*$", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
RUN_SECONDS = 180


def documents():
    return sorted(path for path in ROOT.rglob("*.md") if not SKIPPED & set(path.relative_to(ROOT).parts))


def anchors(path):
    """The fragments of a document's headings, as they are made of them where Markdown is shown."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#{1,6}\s+(.*?)\s*$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path):
    for target in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        leads_to = (path.parent / name).resolve() if name else path
        if not leads_to.exists():
            yield f"{target}: there is no such file"
        elif fragment and fragment not in anchors(leads_to):
            yield f"{target}: there is no such heading"


def check_links():
    faults, links = 0, 0
    for path in documents():
        links += len(LINK.findall(path.read_text(encoding="utf-8")))
        for fault in broken_links(path):
            faults += 1
            print(f"FAILED: {path.relative_to(ROOT)}: {fault}")
    print(f"docs: {links} links in {len(documents())} files, {faults} broken")
    return faults == 0 and links > 0


def steps_of(path):
    """The runnable blocks of a document, each with the lines that its output must have."""
    steps = []
    for info, body in FENCE.findall(path.read_text(encoding="utf-8")):
        if info.split() == ["sh", "runnable"]:
            steps.append((body, []))
        elif info.split() == ["text", "output"]:
            steps[-1][1].extend(line for line in body.splitlines() if line.strip())
    return steps


def has_line(output, expected):
    pattern = ".*".join(re.escape(part) for part in re.split(r"\s+\.\.\.\s+", expected.strip()))
    return re.search(pattern, output) is not None


def end_all_of(shell):
    """Ends what a document has started and not stopped: the shell and all its children are one process group."""
    try:
        os.killpg(shell.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing is left
    shell.wait()


def run(path):
    steps = steps_of(path)
    if not steps:
        print(f"FAILED: {path}: nothing in it is runnable")
        return False
    with tempfile.TemporaryDirectory() as folder:
        outputs = [pathlib.Path(folder, str(number)) for number in range(len(steps))]
        script = "set -euo pipefail\n" + "".join(
            f"exec >'{output}' 2>&1\n{body}" for (body, _), output in zip(steps, outputs))
        shell = subprocess.Popen(["bash", "-c", script], cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            code = shell.wait(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            code = f"none within {RUN_SECONDS} s"
        end_all_of(shell)
        texts = [output.read_text(encoding="utf-8") if output.exists() else "" for output in outputs]
    missing = [line for (_, lines), text in zip(steps, texts) for line in lines if not has_line(text, line)]
    if code == 0 and not missing:
        print(f"ok: {path}: {len(steps)} runnable blocks, {sum(len(lines) for _, lines in steps)} lines of output as written")
        return True
    print(f"FAILED: {path}: exit code {code}; not in its output: {missing}; the output:\n" + "\n".join(texts)[-4000:])
    return False


if __name__ == "__main__":
    if sys.argv[1:] == ["links"]:
        sys.exit(0 if check_links() else 1)
    if sys.argv[1:2] == ["run"] and len(sys.argv) > 2:
        sys.exit(0 if all([run(pathlib.Path(name)) for name in sys.argv[2:]]) else 1)
    sys.exit(__doc__)
