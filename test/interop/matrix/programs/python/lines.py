# The line protocol of the matrix (../../README.md) for programs in Python: reads requests from standard
# input, calls the method of the verb and prints what it returned. Knows no library of Kafka's.
import base64
import json
import re
import sys
import traceback


class Lacks(Exception):
    """The library has no such thing."""


class Refused(Exception):
    """The library reported a failure; `code` is Kafka's number of it where the library gives one."""

    def __init__(self, text, code=None):
        super().__init__(text)
        self.code = code


def serve(program, refused=lambda error: None):
    """Answers until `bye` or the end of the input. Members of a request are the arguments of the method,
    in snake case. `refused` turns an exception of the library into a Refused, or returns None."""
    for line in sys.stdin:
        request = json.loads(line)
        verb = request["verb"]
        answer = {} if verb == "bye" else call(program, request, refused)
        if verb == "bye":
            program.close()
        print(json.dumps({"id": request["id"], **answer}), flush=True)
        if verb == "bye":
            return
    program.close()


def call(program, request, refused):
    members = {snake(k): v for k, v in request.items() if k not in ("id", "verb")}
    method = getattr(program, snake(request["verb"]), None)
    if method is None:
        return {"lacks": f"{request['verb']} is not in this library"}
    try:
        return method(**members) or {}
    except Lacks as lacks:
        return {"lacks": str(lacks)}
    except Exception as error:
        # The runner shows this only when an expectation failed.
        traceback.print_exc(file=sys.stderr)
        known = error if isinstance(error, Refused) else refused(error)
        if known is None or known.code is None:
            return {"error": str(known or f"{type(error).__name__}: {error}")}
        return {"error": str(known), "code": known.code}


def snake(name):
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def encoded(value):
    return None if value is None else base64.b64encode(value).decode()


def decoded(text):
    return None if text is None else base64.b64decode(text)


def decoded_headers(record):
    return [(name, decoded(value)) for name, value in record.get("headers") or []]


def written(place, key, value, headers, timestamp):
    """A record that was read, as the protocol writes it; `place` is its partition and offset."""
    return {
        "partition": place[0],
        "offset": place[1],
        "key": encoded(key),
        "value": encoded(value),
        "headers": [[name, encoded(bytes_or_null)] for name, bytes_or_null in headers or []],
        "timestamp": timestamp,
    }
