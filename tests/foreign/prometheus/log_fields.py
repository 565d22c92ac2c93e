"""Reads a node's JSON log as a program would: `log_fields.py FILE NODE TASK:ATTEMPT:OUTCOME... < IDS`.

Every line must be JSON. For each workflow id on standard input the node must have begun and ended exactly those attempts, in order;
the log may be up to 30 s behind.
"""

import json
import sys
import time

BEGUN, ENDED = 1120, 1121
PATIENCE_S = 30
PAUSE_S = 0.2


def read(path):
    """The lines that are whole."""
    with open(path, encoding="utf-8") as log:
        return [json.loads(line) for line in log if line.endswith("\n")]


def attempts(lines, workflow, event):
    """The fields of the lines about that workflow's attempts."""
    found = [line["State"] for line in lines if line["EventId"] == event]
    return [fields for fields in found if fields["Workflow"] == workflow]


def fault(lines, node, workflow, expected):
    """What is wrong with what the log tells of the workflow; None when nothing is."""
    about = [line for line in lines if line["Category"] == "Swim.Node"]
    strangers = [line for line in about if line["State"]["Node"] != node]
    if not about or strangers:
        return f"{len(strangers)} of {len(about)} lines are of another node: {strangers[:1]}"
    begun = [f"{fields['Task']}:{fields['Attempt']}" for fields in attempts(lines, workflow, BEGUN)]
    ended = [f"{fields['Task']}:{fields['Attempt']}:{fields['Outcome']}" for fields in attempts(lines, workflow, ENDED)]
    if ended == expected and begun == [one.rsplit(":", 1)[0] for one in expected]:
        return None
    return f"workflow {workflow} began {begun} and ended {ended}, not {expected}"


def main():
    path, node, *expected = sys.argv[1:]
    end = time.monotonic() + PATIENCE_S
    for workflow in sys.stdin.read().split():
        while (wrong := fault(read(path), node, workflow, expected)) is not None:
            if time.monotonic() > end:
                sys.exit(f"FAILED: log: {wrong}")
            time.sleep(PAUSE_S)
        print(f"ok: log: workflow {workflow}: {' '.join(expected)}")


if __name__ == "__main__":
    main()
