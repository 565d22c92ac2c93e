"""Streams: one way down, both ways."""

import queue

import grpc

from harness import DEADLINE_S, check, refusal, same
from swim.v1 import peer_pb2, workflows_pb2

STEPS = """
tasks:
  - { id: one, tool: "builtin:delay", arguments: { ms: 300, value: 1 } }
  - { id: two, tool: "builtin:delay", arguments: { ms: 300, value: "$OUTPUT[one]" } }
output: "$OUTPUT[two]"
"""

SLOW = 'tasks: [{ id: slow, tool: "builtin:delay", arguments: { ms: 600000 }, timeout_ms: 900000 }]'


def watch(node, workflow_id, timeout=DEADLINE_S, resume_token=b""):
    request = workflows_pb2.WatchWorkflowRequest(workflow_id=workflow_id, resume_token=resume_token)
    return node.workflows.WatchWorkflow(request, timeout=timeout)


def followed(stream, workflow=None):
    """Reads a watch to its end: the workflow as the events make it, and how many there were."""
    events = 0
    for event in stream:
        events += 1
        if event.WhichOneof("event") == "snapshot":
            workflow = event.snapshot
            continue
        places = {task.id: place for place, task in enumerate(workflow.tasks)}
        for task in event.delta.tasks:
            workflow.tasks[places[task.id]].CopyFrom(task)
        for field in ("state", "output_json", "finished_unix_ms", "durable"):
            setattr(workflow, field, getattr(event.delta, field))
    return workflow, events


def a_workflow_is_followed(node):
    """server-streaming: a workflow is followed from a snapshot to its end."""
    workflow_id = node.submit(STEPS).workflow_id
    workflow, events = followed(watch(node, workflow_id))
    same((workflow.workflow_id, workflow.state, workflow.output_json),
         (workflow_id, workflows_pb2.WORKFLOW_STATE_SUCCEEDED, "1"), "the workflow")
    check(events >= 3, f"it was told on the way: {events} events")
    same(list(workflow.tasks), list(node.get(workflow_id).tasks), "its tasks, put together")


def a_watch_goes_on(node):
    """server-streaming: a broken watch goes on from its resume token."""
    workflow_id = node.submit(STEPS).workflow_id
    stream = watch(node, workflow_id)
    event = next(stream)
    stream.cancel()
    same(event.WhichOneof("event"), "snapshot", "the first event")
    workflow, _ = followed(watch(node, workflow_id, resume_token=event.resume_token), event.snapshot)
    same((workflow.state, workflow.output_json), (workflows_pb2.WORKFLOW_STATE_SUCCEEDED, "1"), "the workflow")


def a_watch_ends(node):
    """server-streaming: deadline and unknown workflow end it with their status."""
    workflow_id = node.submit(SLOW).workflow_id
    same(refusal(lambda: followed(watch(node, workflow_id, timeout=0.5)))[0], grpc.StatusCode.DEADLINE_EXCEEDED, "the status")
    node.cancel(workflow_id)
    code, error = refusal(lambda: followed(watch(node, "0" * 31 + "1")))
    check(code == grpc.StatusCode.NOT_FOUND and error.code, "an unknown workflow is NOT_FOUND")


def health_watch(node, timeout):
    """grpc.health.v1.Health/Watch of the node as a whole, as bytes: an empty request; field 1, SERVING is 1."""
    return node.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"", timeout=timeout)


def a_health_watch(node):
    """server-streaming: a health watch tells at once, stays open and ends with its deadline."""
    stream, told = health_watch(node, 1.5), []
    code, _ = refusal(lambda: [told.append(answer) for answer in stream])
    same((code, told), (grpc.StatusCode.DEADLINE_EXCEEDED, [b"\x08\x01"]), "status and what it told")


def a_watch_given_up(node):
    """server-streaming: a watch given up by the client is CANCELLED."""
    stream = health_watch(node, 20)
    next(stream)
    stream.cancel()
    same(refusal(lambda: next(stream))[0], grpc.StatusCode.CANCELLED, "the status")


def both_ways(node):
    """two-way streaming: each message is answered while the stream stays open."""
    metadata = (("swim-node-id", "0000000000000002"), ("swim-cluster-id", node.cluster_id))
    messages = queue.Queue()
    answers = node.peer.Exchange(iter(messages.get, None), timeout=DEADLINE_S, metadata=metadata)
    for _ in range(100):
        messages.put(peer_pb2.PeerFrames())
        same(next(answers).taken, 0, "the answer")
    messages.put(None)
    same(list(answers), [], "what comes after the last answer")
    same(answers.code(), grpc.StatusCode.OK, "the status")


def a_stranger_among_nodes(node):
    """two-way streaming: a stranger on the nodes' own stream is refused."""
    metadata = (("swim-node-id", "0000000000000001"), ("swim-cluster-id", "0000000000000001"))
    frames = iter([peer_pb2.PeerFrames(frames=[b"\xc1"])])
    same(refusal(lambda: next(node.peer.Exchange(frames, timeout=20, metadata=metadata)))[0],
         grpc.StatusCode.PERMISSION_DENIED, "the status")


CASES = [
    a_workflow_is_followed, a_watch_goes_on, a_watch_ends, a_health_watch, a_watch_given_up, both_ways, a_stranger_among_nodes]
