# The life of a test, again and again: life.py BROKER. For each line of stdin one life (a topic is
# created, ten records go in, ten come out by a new group, which ends, the topic is deleted) and one JSON
# line of milliseconds. Imports and the interpreter's start are not part of a life; its clients are.
import json
import signal
import sys
import time
import uuid

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

broker = {"bootstrap.servers": sys.argv[1], "log_level": 4}
PARTS = ["create", "produce", "consume", "close", "delete"]


def life():
    name = "life-" + uuid.uuid4().hex
    marks = [time.monotonic()]
    admin = AdminClient(broker)
    admin.create_topics([NewTopic(name, 1, 1)])[name].result(60)
    marks.append(time.monotonic())

    failed = []
    producer = Producer({**broker, "linger.ms": 0})
    for i in range(10):
        producer.produce(name, str(i), on_delivery=lambda error, _: error and failed.append(error))
    if producer.flush(60) != 0 or failed:
        sys.exit("records were not delivered: %s" % failed)
    marks.append(time.monotonic())

    consumer = Consumer({**broker, "group.id": name, "auto.offset.reset": "earliest"})
    consumer.subscribe([name])
    seen = []
    deadline = time.monotonic() + 60
    while len(seen) < 10 and time.monotonic() < deadline:
        seen += [m.value().decode() for m in consumer.consume(10, 0.05) if m.error() is None]
    if seen != [str(i) for i in range(10)]:
        sys.exit("came out: %s" % seen)
    marks.append(time.monotonic())

    # Before the topic goes: with it gone librdkafka 2.0.2 was seen to close for ever.
    consumer.close()
    marks.append(time.monotonic())

    admin.delete_topics([name])[name].result(60)
    marks.append(time.monotonic())
    spans = [round((after - before) * 1000, 3) for before, after in zip(marks, marks[1:])]
    return {"total": round((marks[-1] - marks[0]) * 1000, 3), **dict(zip(PARTS, spans))}


print(json.dumps({"event": "ready"}), flush=True)
for _ in sys.stdin:
    # A life that hangs ends the program, and with it the run.
    signal.alarm(120)
    print(json.dumps(life()), flush=True)
