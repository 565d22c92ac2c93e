"""Time and size: deadlines, cancellation, large messages, compression."""

import json
import socket
import threading
import time

import grpc

from harness import DEADLINE_S, Node, check, refusal, same
from swim.v1 import cluster_pb2, workflows_pb2

SLOW = 'tasks: [{ id: slow, tool: "builtin:delay", arguments: { ms: 600000 }, timeout_ms: 900000 }]'
MIB = 1 << 20


def padded(value):
    """A small JSON document in a large message: white space between its tokens."""
    document = json.dumps({"tasks": [{"id": "a", "tool": "builtin:echo", "arguments": {"value": value}}], "output": "$OUTPUT[a]"})
    return document.replace("{", "{" + " " * MIB, 1)


class Counted:
    """A port of its own that leads to the node and counts the bytes that go up."""

    def __init__(self, address):
        self.up = 0
        self._target = address.rsplit(":", 1)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._sockets:
            each.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection((self._target[0], int(self._target[1])))
            self._sockets += [near, far]
            for source, sink, is_up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pump, args=(source, sink, is_up), daemon=True).start()

    def _pump(self, source, sink, is_up):
        try:
            while data := source.recv(65536):
                if is_up:
                    self.up += len(data)
                sink.sendall(data)
        except OSError:
            pass  # the other side has closed: the client sees it as its own failure


def a_deadline_holds(node):
    """deadline: a call that waits longer ends as DEADLINE_EXCEEDED."""
    workflow_id = node.submit(SLOW).workflow_id
    request = workflows_pb2.GetWorkflowRequest(workflow_id=workflow_id, wait_ms=30_000)
    began = time.monotonic()
    same(refusal(lambda: node.workflows.GetWorkflow(request, timeout=0.4))[0], grpc.StatusCode.DEADLINE_EXCEEDED, "the status")
    check(time.monotonic() - began < 10, "it did not wait for the answer")
    same(node.get(workflow_id).state, workflows_pb2.WORKFLOW_STATE_RUNNING, "the workflow, untouched by it")
    node.cancel(workflow_id)
    same(node.finished(workflow_id).state, workflows_pb2.WORKFLOW_STATE_CANCELLED, "the workflow after its own cancel")


def a_call_is_given_up(node):
    """cancellation: a call given up by the client ends, the workflow does not."""
    workflow_id = node.submit(SLOW).workflow_id
    request = workflows_pb2.GetWorkflowRequest(workflow_id=workflow_id, wait_ms=30_000)
    call = node.workflows.GetWorkflow.future(request, timeout=DEADLINE_S)
    node.get(workflow_id, wait_ms=200)  # the same channel: the call before is at the node by now
    check(not call.done(), "the call waits")
    check(call.cancel(), "it can be given up")
    same(call.code(), grpc.StatusCode.CANCELLED, "the status")
    same(node.get(workflow_id).state, workflows_pb2.WORKFLOW_STATE_RUNNING, "the workflow")
    node.cancel(workflow_id)
    node.finished(workflow_id)


def a_large_request(node):
    """1 MB: a request of more than 1 MiB is taken."""
    workflow = node.finished(node.submit(padded("large up"), format="json").workflow_id)
    same(json.loads(workflow.output_json), "large up", "its output")


def a_large_answer(node):
    """1 MB: an answer of more than 1 MiB arrives whole."""
    text, copies = "wörd " * 5000, 40
    tasks = [{"id": "text", "tool": "builtin:echo", "arguments": {"value": text}}]
    tasks += [{"id": f"copy-{i}", "tool": "builtin:echo", "arguments": {"value": "$OUTPUT[text]"}} for i in range(copies)]
    workflow = node.finished(node.submit(json.dumps({"tasks": tasks}), format="json").workflow_id)
    check(workflow.ByteSize() > MIB, "it is that large")
    same([json.loads(task.output_json) == text for task in workflow.tasks], [True] * (copies + 1), "every output as it was sent")


def too_large_a_request(node):
    """1 MB: a request over the limit of 40 MiB is RESOURCE_EXHAUSTED."""
    same(refusal(lambda: node.submit(" " * 41 * MIB, format="json"))[0], grpc.StatusCode.RESOURCE_EXHAUSTED, "the status")
    check(node.cluster.GetStatus(cluster_pb2.GetStatusRequest(), timeout=DEADLINE_S).ready, "the node goes on")


def gzip_is_read(node):
    """gzip: a compressed request is read."""
    went_up = {}
    for kind in (grpc.Compression.Gzip, grpc.Compression.NoCompression):
        with Counted(node.address) as port:
            through = Node(port.address, compression=kind)
            workflow = through.finished(through.submit(padded(kind.name), format="json").workflow_id)
            same(json.loads(workflow.output_json), kind.name, "its output")
            through.channel.close()
        went_up[kind.name] = port.up
    check(went_up["NoCompression"] > MIB and went_up["Gzip"] < went_up["NoCompression"] / 10, f"what went up: {went_up}")


CASES = [a_deadline_holds, a_call_is_given_up, a_large_request, a_large_answer, too_large_a_request, gzip_is_read]
