# A member of a group (librdkafka): member.py BROKER GROUP TOPIC [eager|cooperative]. Prints one JSON line
# per assignment and per batch of records, commits after each; SIGTERM makes it leave.
import json
import signal
import sys

from confluent_kafka import Consumer, KafkaException, OFFSET_INVALID, TopicPartition

broker, group, topic = sys.argv[1:4]
is_cooperative = sys.argv[4:] == ["cooperative"]
is_running = True


def say(event, **members):
    print(json.dumps({"event": event, **members}), flush=True)


def stop(*_):
    global is_running
    is_running = False


signal.signal(signal.SIGTERM, stop)
consumer = Consumer({
    "bootstrap.servers": broker,
    "group.id": group,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "session.timeout.ms": 6000,
    "heartbeat.interval.ms": 300,
    "fetch.wait.max.ms": 100,
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 100,
    "partition.assignment.strategy": "cooperative-sticky" if is_cooperative else "range",
})
consumer.subscribe(
    [topic],
    on_assign=lambda c, parts: say("assigned", partitions=[p.partition for p in parts]),
    on_revoke=lambda c, parts: say("revoked", partitions=[p.partition for p in parts]),
    on_lost=lambda c, parts: say("lost", partitions=[p.partition for p in parts]),
)
while is_running:
    messages = consumer.consume(500, timeout=0.2)
    good = [m for m in messages if m.error() is None]
    for message in messages:
        if message.error() is not None:
            say("error", text=str(message.error()))
    if not good:
        continue
    say("records", records=[[int(m.value()), m.partition(), m.offset()] for m in good])
    ends = {}
    for message in good:
        ends[message.partition()] = message.offset() + 1
    try:
        offsets = [TopicPartition(topic, p, o) for p, o in ends.items()]
        done = consumer.commit(offsets=offsets, asynchronous=False)
        say("committed", offsets=[[p.partition, p.offset] for p in done if p.error is None])
    except KafkaException as error:
        say("refused", text=str(error))
consumer.close()
say("left")
