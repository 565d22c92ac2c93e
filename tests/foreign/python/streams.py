"""Streams: one way down, both ways."""

import queue

import grpc

from harness import DEADLINE_S, refusal, same
from swim.v1 import peer_pb2


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


CASES = [both_ways, a_stranger_among_nodes]
