"""Streams: one way down, both ways."""

import queue

import grpc

from harness import DEADLINE_S, refusal, same
from swim.v1 import peer_pb2


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


CASES = [a_health_watch, a_watch_given_up, both_ways, a_stranger_among_nodes]
