"""Asks a Prometheus until it answers as expected, at most 60 s: `ask.py HOST:PORT QUERY EXPECTED`.

EXPECTED is a number, or `>N`. Says ok or FAILED with the query, and ends with 0 or 1.
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE_S = 60
PAUSE_S = 0.3


def value_of(server, query):
    """The one value of the query; None while there is none. An instant query that gives several is a mistake in it."""
    url = f"http://{server}/api/v1/query?" + urllib.parse.urlencode({"query": query})
    with urllib.request.urlopen(url, timeout=10) as answer:
        results = json.load(answer)["data"]["result"]
    if len(results) > 1:
        raise ValueError(f"{len(results)} series answer {query}")
    return float(results[0]["value"][1]) if results else None


def holds(value, expected):
    if value is None:
        return False
    return value > float(expected[1:]) if expected.startswith(">") else value == float(expected)


def main():
    server, query, expected = sys.argv[1:]
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            value = value_of(server, query)
        except urllib.error.URLError as not_up:
            value = None
            if isinstance(not_up, urllib.error.HTTPError):
                sys.exit(f"FAILED: prometheus: {query}: {not_up}")
        if holds(value, expected):
            print(f"ok: prometheus: {query} = {value:g}")
            return
        if time.monotonic() > end:
            sys.exit(f"FAILED: prometheus: {query} is {value}, not {expected}")
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
