"""A stock Python gRPC client against a live node. Usage: client.py HOST:PORT. Exits 0 only if every check held."""

import json
import sys

import grpc

from swim.v1 import cluster_pb2, cluster_pb2_grpc, workflows_pb2, workflows_pb2_grpc

DEADLINE_S = 40

DIAMOND = """
name: diamond
tasks:
  - { id: left, tool: "builtin:echo", arguments: { value: 20 } }
  - { id: right, tool: "builtin:delay", arguments: { ms: 50, value: 22 } }
  - { id: both, tool: "builtin:sum", arguments: { values: ["$OUTPUT[left]", "$OUTPUT[right]"] } }
output: { answer: "$OUTPUT[both]", text: "ünï 漢字" }
"""

HALF = """
tasks:
  - { id: good, tool: "builtin:echo", arguments: { value: 1 } }
  - { id: bad, tool: "builtin:fail", arguments: { message: "as asked", code: "ASKED_FOR" } }
"""

CYCLE = """
tasks:
  - { id: a, tool: "builtin:echo", arguments: { value: 1 }, depends_on: [b] }
  - { id: b, tool: "builtin:echo", arguments: { value: 1 }, depends_on: [a] }
"""


def check(holds, what):
    if not holds:
        raise AssertionError(what)
    print(f"ok: {what}")


def refusal(call, request):
    """The status of a call that must fail, and the Error in its trailer."""
    try:
        answer = call(request, timeout=DEADLINE_S)
    except grpc.RpcError as failure:
        trailers = dict(failure.trailing_metadata() or ())
        return failure.code(), workflows_pb2.Error.FromString(trailers["swim-error-bin"])
    raise AssertionError(f"accepted: {answer}")


def finished(workflows, workflow_id):
    """The workflow at its end, by long polls."""
    ended = (
        workflows_pb2.WORKFLOW_STATE_SUCCEEDED, workflows_pb2.WORKFLOW_STATE_PARTIAL,
        workflows_pb2.WORKFLOW_STATE_FAILED, workflows_pb2.WORKFLOW_STATE_CANCELLED)
    for _ in range(10):
        workflow = workflows.GetWorkflow(
            workflows_pb2.GetWorkflowRequest(workflow_id=workflow_id, wait_ms=5000), timeout=DEADLINE_S)
        if workflow.state in ended:
            return workflow
    raise AssertionError(f"not finished: {workflow}")


def run_a_workflow(workflows):
    request = workflows_pb2.SubmitWorkflowRequest(document=DIAMOND, format="yaml", idempotency_key="foreign-1")
    submitted = workflows.SubmitWorkflow(request, timeout=DEADLINE_S)
    check(len(submitted.workflow_id) == 32 and not submitted.existing, "a submission gives a new id")
    check(submitted.acked >= workflows_pb2.ACK_LEVEL_K, "it is acked at K on a cluster of one")
    again = workflows.SubmitWorkflow(request, timeout=DEADLINE_S)
    check(again.existing and again.workflow_id == submitted.workflow_id, "the same key gives the same workflow")
    workflow = finished(workflows, submitted.workflow_id)
    check(workflow.state == workflows_pb2.WORKFLOW_STATE_SUCCEEDED, "it succeeds")
    check(json.loads(workflow.output_json) == {"answer": 42, "text": "ünï 漢字"}, "its output is right")
    check([task.id for task in workflow.tasks] == ["left", "right", "both"], "its tasks stand in the document's order")
    check(list(workflow.tasks[2].depends_on) == ["left", "right"] and workflow.layers == 2, "its shape is told")
    check(all(task.attempt == 1 and task.executor for task in workflow.tasks), "each task ran once, somewhere")


def see_a_failure(workflows):
    submitted = workflows.SubmitWorkflow(workflows_pb2.SubmitWorkflowRequest(document=HALF), timeout=DEADLINE_S)
    workflow = finished(workflows, submitted.workflow_id)
    check(workflow.state == workflows_pb2.WORKFLOW_STATE_PARTIAL, "one task of two failing is PARTIAL")
    error = workflow.tasks[1].error
    check((error.code, error.message) == ("ASKED_FOR", "as asked"), "the failed task says why")


def be_refused(workflows):
    submit, get = workflows.SubmitWorkflow, workflows.GetWorkflow
    code, error = refusal(submit, workflows_pb2.SubmitWorkflowRequest(document=CYCLE))
    check(code == grpc.StatusCode.INVALID_ARGUMENT and not error.retryable, "a cycle is INVALID_ARGUMENT")
    check("cycle" in error.message and "line" in error.message, f"and the place is named: {error.message}")
    code, error = refusal(submit, workflows_pb2.SubmitWorkflowRequest(document="{", format="json"))
    check(code == grpc.StatusCode.INVALID_ARGUMENT and error.message, "broken JSON is INVALID_ARGUMENT")
    code, error = refusal(submit, workflows_pb2.SubmitWorkflowRequest(document=HALF, idempotency_key="foreign-1"))
    check(code == grpc.StatusCode.ALREADY_EXISTS, f"a key used for another document is ALREADY_EXISTS: {error.message}")
    code, error = refusal(get, workflows_pb2.GetWorkflowRequest(workflow_id="0" * 31 + "1"))
    check(code == grpc.StatusCode.NOT_FOUND and error.code, "an unknown workflow is NOT_FOUND")
    code, error = refusal(get, workflows_pb2.GetWorkflowRequest(workflow_id="no id"))
    check(code == grpc.StatusCode.INVALID_ARGUMENT and error.message, "what is no id is INVALID_ARGUMENT")


def look_at_the_cluster(cluster):
    members = cluster.GetMembers(cluster_pb2.GetMembersRequest(), timeout=DEADLINE_S).members
    check(len(members) == 1 and members[0].self and members[0].state == cluster_pb2.MEMBER_STATE_ALIVE, "a cluster of one is listed")
    status = cluster.GetStatus(cluster_pb2.GetStatusRequest(), timeout=DEADLINE_S)
    check(status.ready and status.node_id == members[0].node_id, "its status is told")
    check(status.workflows == 2, "refused documents have left nothing behind")


def main(address):
    with grpc.insecure_channel(address) as channel:
        grpc.channel_ready_future(channel).result(timeout=DEADLINE_S)
        workflows = workflows_pb2_grpc.WorkflowsStub(channel)
        run_a_workflow(workflows)
        see_a_failure(workflows)
        be_refused(workflows)
        look_at_the_cluster(cluster_pb2_grpc.ClusterStub(channel))


if __name__ == "__main__":
    main(sys.argv[1])
