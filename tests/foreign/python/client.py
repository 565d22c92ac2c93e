"""python3-grpcio against a live node. Usage: client.py HOST:PORT CLUSTER-ID. Exits 0 only if every case held."""

import sys

import bounds
import calls
import reflected
import streams
from harness import Node, run

if __name__ == "__main__":
    sys.exit(1 if run("grpcio", calls.CASES + bounds.CASES + streams.CASES + reflected.CASES, Node(sys.argv[1], sys.argv[2])) else 0)
