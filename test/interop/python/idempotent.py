# An idempotent producer (librdkafka): idempotent.py BROKER TOPIC COUNT. Prints each acknowledged
# record's partition and offset as one JSON object.
import json
import sys

from confluent_kafka import Producer

broker, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
acknowledged, failures = [], []


def delivered(error, message):
    if error is not None:
        failures.append(str(error))
    else:
        acknowledged.append([int(message.value()), message.partition(), message.offset()])


producer = Producer({
    "bootstrap.servers": broker,
    "enable.idempotence": True,
    "compression.type": "lz4",
    "linger.ms": 5,
    "max.in.flight.requests.per.connection": 5,
})
for number in range(count):
    while True:
        try:
            producer.produce(topic, str(number), key="k%d" % (number % 997), on_delivery=delivered)
            break
        except BufferError:
            producer.poll(0.05)
    producer.poll(0)
producer.flush(60)
print(json.dumps({"event": "result", "acknowledged": acknowledged, "failures": failures}), flush=True)
