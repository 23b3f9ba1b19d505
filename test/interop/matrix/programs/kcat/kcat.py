# kcat in the matrix: kcat.py HOST:PORT. One process of kcat for each verb, more where one cannot say it
# all; what kcat prints as JSON holds all bytes when it is read as Latin-1. Runs on any Python 3.
import json
import os
import re
import secrets
import selectors
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
from lines import Lacks, Refused, decoded, serve, written

WAIT = 30
ADMIN = "kcat administrates nothing"
GROUPS = "kcat -G reads as a member of a group, but commits what it printed and nothing else"
LACKS = {
    **{verb: ADMIN for verb in ("createTopic", "topicConfigs", "alterConfigs", "addPartitions")},
    **{verb: ADMIN for verb in ("deleteTopic", "deleteRecords")},
    **{verb: ADMIN for verb in ("listGroups", "describeGroup", "deleteGroup", "committed")},
    **{verb: GROUPS for verb in ("join", "assignment", "poll", "commit", "leave", "group.range")},
    "commit.metadata": GROUPS,
    "timestamp": "kcat gives a record the time of sending",
    "error.code": "kcat prints the text of an error, not its number",
}
COMMON = ["-X", "reconnect.backoff.ms=20", "-X", "broker.address.family=v4"]
READING = ["-X", "fetch.message.max.bytes=8388608", "-X", "fetch.wait.max.ms=50"]


def latin(text):
    return None if text is None else text.encode("latin-1")


def record(line):
    """A record of kcat's -J: a line of bytes that are Latin-1 as far as we care."""
    found = json.loads(line.decode("latin-1"))
    flat = found.get("headers") or []
    headers = [(latin(flat[i]).decode(), latin(flat[i + 1])) for i in range(0, len(flat), 2)]
    place = (found["partition"], found["offset"])
    timestamp = found["ts"] if found["tstype"] != "none" else None
    return written(place, latin(found["key"]), latin(found["payload"]), headers, timestamp)


def complaint(printed):
    said = [line for line in printed.decode(errors="replace").splitlines() if line.startswith("%")]
    return Refused(" ".join(said[-3:]) or "kcat ended without a word")


class Shape:
    """What all records of one process of kcat have alike."""

    def __init__(self, one):
        self.partition = one.get("partition")
        self.headers = one.get("headers") or []
        self.nulls = one["value"] is None
        key, value = decoded(one["key"]), decoded(one["value"])
        if not key and not value and (key is None or value is None):
            raise Lacks("kcat sends no record without a key and a value")
        for name, bytes_or_null in self.headers:
            if "=" in name or b"\0" in (decoded(bytes_or_null) or b""):
                raise Lacks("a header of kcat is an argument: no byte 0, and no = in its name")
        # -Z makes all that is empty null; without it nothing is. Any other record goes with both.
        self.is_either = bool(value) and key != b""

    def fits(self, other):
        alike = self.partition == other.partition and self.headers == other.headers
        return alike and (self.nulls == other.nulls or self.is_either or other.is_either)

    def take_in(self, other):
        self.nulls = other.nulls if self.is_either else self.nulls
        self.is_either = self.is_either and other.is_either

    def arguments(self):
        found = [] if self.partition is None else ["-p", str(self.partition)]
        for name, value in self.headers:
            given = b"" if value is None else b"=" + decoded(value)
            found += ["-H", name.encode() + given]
        return found + (["-Z"] if self.nulls else [])


class Kcat:
    def __init__(self, address):
        self._address = address

    def close(self):
        pass

    def _run(self, arguments, given=b""):
        """Runs kcat to its end; returns what it printed, and what it said beside it."""
        command = ["kcat", "-b", self._address, *COMMON, *arguments]
        done = subprocess.run(command, input=given, capture_output=True, timeout=WAIT + 10)
        if done.returncode != 0:
            raise complaint(done.stderr)
        return done.stdout, done.stderr

    def hello(self):
        printed = subprocess.run(["kcat", "-V"], capture_output=True).stdout.decode()
        version = re.search(r"Version (\S+)", printed)[1]
        library = re.search(r"librdkafka (\S+)", printed)[1]
        codecs = ["none", "gzip", "snappy", "lz4", "zstd"]
        version = f"{version} (librdkafka {library})"
        return {"library": "kcat", "version": version, "codecs": codecs, "lacks": LACKS}

    def produce(self, topic, codec, idempotent, records):
        runs = []
        for one in records:
            shape = Shape(one)
            if runs and runs[-1][0].fits(shape):
                runs[-1][0].take_in(shape)
                runs[-1][1].append(one)
            else:
                runs.append((shape, [one]))
        placed = []
        for shape, alike in runs:
            placed += self._send(topic, codec, idempotent, (shape, alike))
        return {"placed": placed}

    def _send(self, topic, codec, idempotent, run):
        shape, records = run
        # Nobody sends these bytes.
        between, behind_key = (secrets.token_hex(16).encode() for _ in range(2))
        lines = [
            (b"" if one["key"] is None else decoded(one["key"]) + behind_key)
            + (decoded(one["value"]) or b"")
            for one in records
        ]
        settings = ["acks=all", "linger.ms=5", "message.max.bytes=8388608"]
        settings += [f"delivery.timeout.ms={WAIT * 1000}", "topic.partitioner=murmur2_random"]
        settings += [f"enable.idempotence={str(idempotent).lower()}"]
        settings += ["topic.produce.offset.report=true"]
        given = [part for one in settings for part in ("-X", one)]
        delimiters = ["-D", between, "-K", behind_key]
        arguments = ["-P", "-t", topic, "-z", codec, *given, *delimiters, *shape.arguments(), "-vvv"]
        _, said = self._run(arguments, between.join(lines))
        found = re.findall(rb"delivered to partition (\d+) \(offset (\d+)\)", said)
        if len(found) != len(records):
            raise Refused(f"kcat reports {len(found)} deliveries of {len(records)} records")
        # Reports come in the order of a partition; of several partitions they say nothing.
        if len({partition for partition, _ in found}) > 1:
            return [[None, None]] * len(records)
        return [[int(partition), int(offset)] for partition, offset in found]

    def consume(self, topic, count, timeout_ms, **request):
        deadline = time.monotonic() + timeout_ms / 1000
        found, errors, processes = [], [], []
        selector = selectors.DefaultSelector()
        for partition, offset in request["from"]:
            place = ["-C", "-t", topic, "-p", str(partition), "-o", str(offset), "-c", str(count)]
            command = ["kcat", "-b", self._address, *COMMON, *READING, *place, "-u", "-q", "-J"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            processes.append(process)
            selector.register(process.stdout, selectors.EVENT_READ, [b"", process])
        while len(found) < count and selector.get_map() and not errors:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            for key, _ in selector.select(left):
                rest, process = key.data
                chunk = os.read(key.fd, 1 << 20)
                *lines, key.data[0] = (rest + chunk).split(b"\n")
                found.extend(record(line) for line in lines)
                if not chunk:
                    selector.unregister(key.fileobj)
                    if process.wait(WAIT) != 0:
                        errors.append(complaint(process.stderr.read()))
        selector.close()
        for process in processes:
            process.kill()
            process.communicate()
        if errors:
            raise errors[0]
        return {"records": found[:count]}

    def _offset(self, topic, partition, time_ms):
        printed, _ = self._run(["-Q", "-t", f"{topic}:{partition}:{time_ms}"])
        return int(re.search(rb"offset (-?\d+)", printed)[1])

    def times(self, topic, times):
        return {"offsets": [[p, self._offset(topic, p, time_ms)] for p, time_ms in times]}

    def ends(self, topic, partitions):
        first_and_last = lambda p: [self._offset(topic, p, at) for at in (-2, -1)]
        return {"offsets": [[p, *first_and_last(p)] for p in partitions]}

    def describe_topic(self, topic):
        printed, _ = self._run(["-L", "-J", "-t", topic])
        [found] = json.loads(printed)["topics"]
        if "error" in found:
            raise Refused(found["error"])
        return {
            "partitions": len(found["partitions"]),
            "leaders": [one["leader"] for one in found["partitions"]],
        }

    def list_topics(self):
        printed, _ = self._run(["-L", "-J"])
        return {"topics": [one["topic"] for one in json.loads(printed)["topics"]]}


serve(Kcat(sys.argv[1]))
