# confluent-kafka, with the librdkafka of its wheel, in the matrix: librdkafka.py HOST:PORT.
import sys
import time

import confluent_kafka
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException
from confluent_kafka import Producer, TopicCollection, TopicPartition
from confluent_kafka import TIMESTAMP_NOT_AVAILABLE
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.admin import NewPartitions, NewTopic, OffsetSpec, ResourceType

from background import Members
from lines import Refused, decoded, decoded_headers, serve, written

WAIT = 30
LACKS = {"commit.metadata": "confluent-kafka 2.16.1 sends metadata with a byte 0 behind it"}
LARGE = 8 << 20


def quiet(address):
    return {
        "bootstrap.servers": address,
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 200,
        "broker.address.family": "v4",
    }


def reading(address, group):
    return {
        **quiet(address),
        "group.id": group,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "fetch.wait.max.ms": 50,
        "fetch.message.max.bytes": LARGE,
    }


def record(message):
    kind, time_ms = message.timestamp()
    timestamp = None if kind == TIMESTAMP_NOT_AVAILABLE else time_ms
    place = (message.partition(), message.offset())
    return written(place, message.key(), message.value(), message.headers(), timestamp)


class Background:
    def __init__(self, address, group, topic, inbox):
        self._inbox = inbox
        self._consumer = Consumer({
            **reading(address, group),
            "session.timeout.ms": 6000,
            "heartbeat.interval.ms": 500,
            "partition.assignment.strategy": "range",
        })
        forget = lambda _, partitions: inbox.forget([one.partition for one in partitions])
        self._consumer.subscribe([topic], on_revoke=forget, on_lost=forget)

    def read(self):
        messages = self._consumer.consume(500, timeout=0.05)
        self._inbox.put([record(one) for one in messages if one.error() is None])
        for one in messages:
            if one.error() is not None:
                raise KafkaException(one.error())

    def pause(self):
        self._consumer.pause(self._consumer.assignment())

    def resume(self):
        self._consumer.resume(self._consumer.assignment())

    def partitions(self):
        return [one.partition for one in self._consumer.assignment()]

    def commit(self, topic, offsets):
        wanted = [TopicPartition(topic, p, at) for p, at, _ in offsets]
        for one in self._consumer.commit(offsets=wanted, asynchronous=False):
            if one.error is not None:
                raise KafkaException(one.error)

    def close(self):
        self._consumer.close()


class Librdkafka(Members):
    def __init__(self, address):
        super().__init__()
        self._address = address
        self._admin = AdminClient(quiet(address))

    def hello(self):
        codecs = ["none", "gzip", "snappy", "lz4", "zstd"]
        version = f"{confluent_kafka.version()} (librdkafka {confluent_kafka.libversion()[0]})"
        return {"library": "confluent-kafka", "version": version, "codecs": codecs, "lacks": LACKS}

    def produce(self, topic, codec, idempotent, records):
        placed = [[None, None]] * len(records)
        failures = []
        producer = Producer({
            **quiet(self._address),
            "acks": "all",
            "compression.type": codec,
            "enable.idempotence": idempotent,
            "linger.ms": 5,
            "delivery.timeout.ms": WAIT * 1000,
            "message.max.bytes": LARGE,
            "partitioner": "murmur2_random",
        })

        def deliver(number, error, message):
            if error is not None:
                failures.append(error)
            else:
                placed[number] = [message.partition(), message.offset()]

        for number, one in enumerate(records):
            where = {name: one[name] for name in ("partition", "timestamp") if one.get(name) is not None}
            producer.produce(
                topic,
                key=decoded(one["key"]),
                value=decoded(one["value"]),
                headers=decoded_headers(one),
                on_delivery=lambda error, message, number=number: deliver(number, error, message),
                **where,
            )
        unsent = producer.flush(WAIT + 5)
        if failures:
            raise KafkaException(failures[0])
        if unsent > 0:
            raise Refused(f"{unsent} records were not answered")
        return {"placed": placed}

    def consume(self, topic, count, timeout_ms, **request):
        deadline = time.monotonic() + timeout_ms / 1000
        found = []
        consumer = Consumer(reading(self._address, "unused"))
        try:
            consumer.assign([TopicPartition(topic, p, at) for p, at in request["from"]])
            while len(found) < count and (left := deadline - time.monotonic()) > 0:
                for one in consumer.consume(count - len(found), timeout=min(left, 0.1)):
                    if one.error() is not None:
                        raise KafkaException(one.error())
                    found.append(record(one))
        finally:
            consumer.close()
        return {"records": found}

    def open_member(self, group, topic):
        return lambda inbox: Background(self._address, group, topic, inbox)

    def committed(self, group, topic, partitions):
        wanted = [TopicPartition(topic, p) for p in partitions]
        request = [ConsumerGroupTopicPartitions(group, wanted)]
        futures = self._admin.list_consumer_group_offsets(request, request_timeout=WAIT)
        found = futures[group].result().topic_partitions
        return {"offsets": [noted(one) for one in found]}

    def times(self, topic, times):
        found = []
        consumer = Consumer(reading(self._address, "unused"))
        try:
            # One call each: a call answers for a partition once, whatever times it was asked for.
            for partition, time_ms in times:
                wanted = [TopicPartition(topic, partition, time_ms)]
                found += consumer.offsets_for_times(wanted, timeout=WAIT)
        finally:
            consumer.close()
        return {"offsets": [[one.partition, max(one.offset, -1)] for one in found]}

    def ends(self, topic, partitions):
        def offsets(spec):
            asked = {TopicPartition(topic, p): spec for p in partitions}
            futures = self._admin.list_offsets(asked, request_timeout=WAIT)
            return {at.partition: future.result().offset for at, future in futures.items()}

        first, last = offsets(OffsetSpec.earliest()), offsets(OffsetSpec.latest())
        return {"offsets": [[p, first[p], last[p]] for p in partitions]}

    def create_topic(self, topic, partitions, configs):
        new = NewTopic(topic, num_partitions=partitions, replication_factor=1, config=configs)
        self._admin.create_topics([new], request_timeout=WAIT)[topic].result()

    def describe_topic(self, topic):
        futures = self._admin.describe_topics(TopicCollection([topic]), request_timeout=WAIT)
        found = futures[topic].result().partitions
        leaders = [one.leader.id for one in sorted(found, key=lambda one: one.id)]
        return {"partitions": len(found), "leaders": leaders}

    def list_topics(self):
        return {"topics": sorted(self._admin.list_topics(timeout=WAIT).topics)}

    def topic_configs(self, topic, names):
        resource = ConfigResource(ResourceType.TOPIC, topic)
        found = self._admin.describe_configs([resource], request_timeout=WAIT)[resource].result()
        return {"configs": {name: found[name].value for name in names if name in found}}

    def alter_configs(self, topic, configs):
        entries = [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
            for name, value in configs.items()
        ]
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
        futures = self._admin.incremental_alter_configs([resource], request_timeout=WAIT)
        futures[resource].result()

    def add_partitions(self, topic, total):
        new = NewPartitions(topic, total)
        self._admin.create_partitions([new], request_timeout=WAIT)[topic].result()

    def delete_topic(self, topic):
        self._admin.delete_topics([topic], request_timeout=WAIT)[topic].result()

    def delete_records(self, topic, offsets):
        wanted = [TopicPartition(topic, p, at) for p, at in offsets]
        for future in self._admin.delete_records(wanted, request_timeout=WAIT).values():
            future.result()

    def list_groups(self):
        found = self._admin.list_consumer_groups(request_timeout=WAIT).result()
        for error in found.errors:
            raise error
        return {"groups": sorted(one.group_id for one in found.valid)}

    def describe_group(self, group):
        futures = self._admin.describe_consumer_groups([group], request_timeout=WAIT)
        found = futures[group].result()
        return {"state": STATES[found.state.name], "members": len(found.members)}

    def delete_group(self, group):
        self._admin.delete_consumer_groups([group], request_timeout=WAIT)[group].result()


STATES = {
    "UNKNOWN": "Unknown",
    "PREPARING_REBALANCING": "PreparingRebalance",
    "COMPLETING_REBALANCING": "CompletingRebalance",
    "STABLE": "Stable",
    "DEAD": "Dead",
    "EMPTY": "Empty",
}


def noted(one):
    if one.error is not None:
        raise KafkaException(one.error)
    return [one.partition, max(one.offset, -1), one.metadata or None]


def refused(error):
    if not isinstance(error, KafkaException):
        return None
    cause = error.args[0]
    # Negative numbers are librdkafka's own, not Kafka's.
    code = cause.code() if cause.code() > 0 else None
    return Refused(f"{cause.name()}: {cause.str()}", code)


serve(Librdkafka(sys.argv[1]), refused)
