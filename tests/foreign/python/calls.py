"""Unary calls, errors with details, metadata."""

import json

import grpc

from harness import DEADLINE_S, check, refusal, same
from swim.v1 import cluster_pb2, peer_pb2, workflows_pb2

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


def a_workflow_runs(node):
    """unary: a workflow runs and gives its output."""
    submitted = node.submit(DIAMOND, format="yaml", idempotency_key="grpcio-1")
    check(len(submitted.workflow_id) == 32 and not submitted.existing, "a submission gives a new id")
    check(submitted.acked >= workflows_pb2.ACK_LEVEL_K, "it is acked at K on a cluster of one")
    again = node.submit(DIAMOND, format="yaml", idempotency_key="grpcio-1")
    same((again.existing, again.workflow_id), (True, submitted.workflow_id), "the same key")
    workflow = node.finished(submitted.workflow_id)
    same(workflow.state, workflows_pb2.WORKFLOW_STATE_SUCCEEDED, "its state")
    same(json.loads(workflow.output_json), {"answer": 42, "text": "ünï 漢字"}, "its output")
    same([task.id for task in workflow.tasks], ["left", "right", "both"], "its tasks, in the document's order")
    same((list(workflow.tasks[2].depends_on), workflow.layers), (["left", "right"], 2), "its shape")
    check(all(task.attempt == 1 and task.executor for task in workflow.tasks), "each task ran once, somewhere")


def the_cluster_is_told(node):
    """unary: the cluster tells its members and status."""
    members = node.cluster.GetMembers(cluster_pb2.GetMembersRequest(), timeout=DEADLINE_S).members
    same([(m.self, m.state) for m in members], [(True, cluster_pb2.MEMBER_STATE_ALIVE)], "members")
    status = node.cluster.GetStatus(cluster_pb2.GetStatusRequest(), timeout=DEADLINE_S)
    same((status.ready, status.node_id), (True, members[0].node_id), "status")


def a_failed_task_says_why(node):
    """error: a failed task says why."""
    workflow = node.finished(node.submit(HALF).workflow_id)
    same(workflow.state, workflows_pb2.WORKFLOW_STATE_PARTIAL, "its state")
    error = workflow.tasks[1].error
    same((error.code, error.message), ("ASKED_FOR", "as asked"), "its error")


def the_trailer_tells(node):
    """error: the trailer swim-error-bin tells code, message and place."""
    code, error = refusal(lambda: node.submit(CYCLE))
    same((code, error.retryable), (grpc.StatusCode.INVALID_ARGUMENT, False), "a cycle")
    check("cycle" in error.message and "line" in error.message, f"the place is named: {error.message}")
    code, error = refusal(lambda: node.submit("{", format="json"))
    check(code == grpc.StatusCode.INVALID_ARGUMENT and error.message, "broken JSON is INVALID_ARGUMENT")
    code, error = refusal(lambda: node.submit(HALF, idempotency_key="grpcio-1"))
    check(code == grpc.StatusCode.ALREADY_EXISTS and error.code, "a key used for another document is ALREADY_EXISTS")
    code, error = refusal(lambda: node.get("0" * 31 + "1"))
    check(code == grpc.StatusCode.NOT_FOUND and error.code, "an unknown workflow is NOT_FOUND")
    code, error = refusal(lambda: node.get("no id"))
    check(code == grpc.StatusCode.INVALID_ARGUMENT and error.message, "what is no id is INVALID_ARGUMENT")


def a_method_that_is_not_there(node):
    """error: a method that is not there is UNIMPLEMENTED."""
    call = node.channel.unary_unary("/swim.v1.Workflows/NoSuchMethod")
    same(refusal(lambda: call(b"", timeout=DEADLINE_S))[0], grpc.StatusCode.UNIMPLEMENTED, "the status")


def metadata_goes_up_and_down(node):
    """metadata: text and bytes go up unharmed, headers and trailers come down."""
    answer, call = node.cluster.GetStatus.with_call(
        cluster_pb2.GetStatusRequest(), timeout=DEADLINE_S, metadata=(("x-text", "a" * 4000), ("x-bytes-bin", b"\0\xff\n\r")))
    check(answer.ready, "the call is answered")
    check("date" in dict(call.initial_metadata()), "its headers")
    same(call.code(), grpc.StatusCode.OK, "its trailers")


def another_cluster_is_refused(node):
    """metadata: a node call with another cluster's id in it is refused."""
    for cluster_id in ("0000000000000001", "not hexadecimal", None):
        metadata = [("swim-node-id", "0000000000000001")]
        if cluster_id is not None:
            metadata.append(("swim-cluster-id", cluster_id))
        code, _ = refusal(lambda: node.peer.PushPull(peer_pb2.PeerBody(body=b"\1\2\3"), timeout=DEADLINE_S, metadata=metadata))
        same(code, grpc.StatusCode.PERMISSION_DENIED, f"cluster id {cluster_id}")


CASES = [
    a_workflow_runs, the_cluster_is_told, a_failed_task_says_why, the_trailer_tells, a_method_that_is_not_there,
    metadata_goes_up_and_down, another_cluster_is_refused]
