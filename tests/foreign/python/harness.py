"""Runs named cases against a live node: each says ok or FAILED with its name."""

import grpc

from swim.v1 import cluster_pb2_grpc, peer_pb2_grpc, workflows_pb2, workflows_pb2_grpc

DEADLINE_S = 40

ENDED = (
    workflows_pb2.WORKFLOW_STATE_SUCCEEDED, workflows_pb2.WORKFLOW_STATE_PARTIAL,
    workflows_pb2.WORKFLOW_STATE_FAILED, workflows_pb2.WORKFLOW_STATE_CANCELLED)


class Node:
    """The services of a node, over one channel."""

    def __init__(self, address, cluster_id="", **options):
        self.address = address
        self.cluster_id = cluster_id
        self.channel = grpc.insecure_channel(address, **options)
        grpc.channel_ready_future(self.channel).result(timeout=DEADLINE_S)
        self.workflows = workflows_pb2_grpc.WorkflowsStub(self.channel)
        self.cluster = cluster_pb2_grpc.ClusterStub(self.channel)
        self.peer = peer_pb2_grpc.PeerStub(self.channel)

    def submit(self, document, **fields):
        return self.workflows.SubmitWorkflow(workflows_pb2.SubmitWorkflowRequest(document=document, **fields), timeout=DEADLINE_S)

    def get(self, workflow_id, wait_ms=0):
        return self.workflows.GetWorkflow(
            workflows_pb2.GetWorkflowRequest(workflow_id=workflow_id, wait_ms=wait_ms), timeout=DEADLINE_S)

    def cancel(self, workflow_id):
        self.workflows.CancelWorkflow(workflows_pb2.CancelWorkflowRequest(workflow_id=workflow_id), timeout=DEADLINE_S)

    def finished(self, workflow_id):
        """The workflow at its end, by long polls."""
        for _ in range(10):
            workflow = self.get(workflow_id, wait_ms=5000)
            if workflow.state in ENDED:
                return workflow
        raise AssertionError(f"not finished: {workflow}")


def check(holds, what):
    if not holds:
        raise AssertionError(f"does not hold: {what}")


def same(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def refusal(attempt):
    """The status of a call that must fail, and the Error in its trailer, if there is one."""
    try:
        answer = attempt()
    except grpc.RpcError as failure:
        detail = dict(failure.trailing_metadata() or ()).get("swim-error-bin")
        return failure.code(), detail and workflows_pb2.Error.FromString(detail)
    raise AssertionError(f"accepted: {answer}")


def run(client, cases, node):
    failed = 0
    for case in cases:
        name = case.__doc__.rstrip(".")
        try:
            case(node)
            print(f"ok: {client}: {name}", flush=True)
        except Exception as failure:  # whatever it is, the case has failed and the next one runs
            failed += 1
            print(f"FAILED: {client}: {name}: {type(failure).__name__}: {failure}", flush=True)
    print(f"{client}: {len(cases) - failed} of {len(cases)} cases hold")
    return failed
