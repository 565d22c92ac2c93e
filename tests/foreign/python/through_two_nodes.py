"""Submits a workflow of some seconds to one node (`submit HOST:PORT`, prints its id), reads its result from another (`result HOST:PORT ID`)."""

import json
import sys

from harness import Node, same
from swim.v1 import workflows_pb2

LANES, STEPS, STEP_MS = 4, 4, 1000


def document():
    """Lanes of steps, one after the other, each lane's end a number; their sum is the output."""
    tasks = []
    for lane in range(LANES):
        for step in range(STEPS):
            after = {"depends_on": [f"step-{lane}-{step - 1}"]} if step > 0 else {}
            arguments = {"ms": STEP_MS, "value": 10 ** lane}
            tasks.append({"id": f"step-{lane}-{step}", "tool": "builtin:delay", "arguments": arguments, **after})
    values = [f"$OUTPUT[step-{lane}-{STEPS - 1}]" for lane in range(LANES)]
    tasks.append({"id": "sum", "tool": "builtin:sum", "arguments": {"values": values}})
    return json.dumps({"name": "through-two-nodes", "tasks": tasks, "output": "$OUTPUT[sum]"})


def main(command, address, *rest):
    node = Node(address)
    if command == "submit":
        print(node.submit(document(), format="json").workflow_id)
    elif command == "result":
        workflow = node.finished(*rest)
        same(workflow.state, workflows_pb2.WORKFLOW_STATE_SUCCEEDED, f"the state of {workflow}")
        same(json.loads(workflow.output_json), sum(10 ** lane for lane in range(LANES)), "its output")
        print(workflow.output_json)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
