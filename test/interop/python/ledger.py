# An idempotent producer (librdkafka) that never gives up: ledger.py BROKER TOPIC PARTITIONS PERSECOND.
# Sends 0, 1, 2 ... round the partitions until SIGTERM, then flushes. Prints every acknowledgement:
# what was printed was promised to somebody.
import json
import signal
import sys
import time

from confluent_kafka import Producer

broker, topic, partitions, per_second = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
is_running = True
acknowledged = []


def say(event, **members):
    print(json.dumps({"event": event, **members}), flush=True)


def stop(*_):
    global is_running
    is_running = False


def delivered(error, message):
    if error is not None:
        say("failed", id=int(message.value()), text=str(error))
    else:
        acknowledged.append([int(message.value()), message.partition(), message.offset()])


def report():
    global acknowledged
    if acknowledged:
        say("acknowledged", records=acknowledged)
        acknowledged = []


signal.signal(signal.SIGTERM, stop)
producer = Producer({
    "bootstrap.servers": broker,
    "enable.idempotence": True,
    "acks": "all",
    "message.timeout.ms": 0,
    "linger.ms": 2,
    "retry.backoff.ms": 20,
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 100,
    "error_cb": lambda error: say("fatal", text=str(error)) if error.fatal() else None,
})
sent = 0
started = time.monotonic()
while is_running:
    due = int((time.monotonic() - started) * per_second)
    # While the broker is away the queue stays short: what is not sent is not under test.
    while sent < due and len(producer) < 5000:
        producer.produce(topic, str(sent), partition=sent % partitions, on_delivery=delivered)
        sent += 1
    producer.poll(0.005)
    report()
left = producer.flush(15)
report()
say("done", sent=sent, left=left)
