# What the programs of kafka-python 2.0.2 and 3 have alike: producing, consuming, and members of groups.
# Knows nothing of their administrators, which differ.
import time

import kafka
from kafka import ConsumerRebalanceListener, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import BrokerResponseError
from kafka.structs import OffsetAndMetadata

from background import Members
from lines import Refused, decoded, decoded_headers, written

WAIT = 30
LARGE = 8 << 20
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


def quiet(address):
    return {"bootstrap_servers": address, "reconnect_backoff_ms": 20, "reconnect_backoff_max_ms": 200}


def reading(address):
    return {
        **quiet(address),
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "fetch_max_wait_ms": 50,
        "max_partition_fetch_bytes": LARGE,
    }


def record(one):
    return written((one.partition, one.offset), one.key, one.value, one.headers, one.timestamp)


def flattened(polled):
    return [record(one) for records in polled.values() for one in records]


class Forgetting(ConsumerRebalanceListener):
    def __init__(self, inbox):
        self._inbox = inbox

    def on_partitions_revoked(self, revoked):
        self._inbox.forget([one.partition for one in revoked])

    def on_partitions_assigned(self, assigned):
        pass


class Background:
    def __init__(self, address, group, topic, inbox):
        self._inbox = inbox
        self._consumer = KafkaConsumer(
            **reading(address),
            group_id=group,
            session_timeout_ms=6000,
            heartbeat_interval_ms=500,
            partition_assignment_strategy=[RangePartitionAssignor],
        )
        # Known before it joins: a member that learns of its topic only then joins twice, and kafka-python
        # 3.0.12 now and then neither reads nor sends heartbeats after that, at Apache Kafka too.
        self._consumer.partitions_for_topic(topic)
        self._consumer.subscribe([topic], listener=Forgetting(inbox))

    def read(self):
        self._inbox.put(flattened(self._consumer.poll(timeout_ms=50, max_records=500)))

    def pause(self):
        self._consumer.pause(*self._consumer.assignment())

    def resume(self):
        self._consumer.resume(*self._consumer.assignment())

    def partitions(self):
        return [one.partition for one in self._consumer.assignment()]

    def commit(self, topic, offsets):
        def noted(offset, note):
            # Without the leader's epoch, which only one of the versions has a member for.
            epoch = [-1] if "leader_epoch" in OffsetAndMetadata._fields else []
            return OffsetAndMetadata(offset, note or "", *epoch)

        self._consumer.commit({TopicPartition(topic, p): noted(at, note) for p, at, note in offsets})

    def close(self):
        self._consumer.close()


class KafkaPython(Members):
    def __init__(self, address, lacks):
        super().__init__()
        self._address = address
        self._lacks = lacks

    def hello(self):
        version = kafka.__version__
        return {"library": "kafka-python", "version": version, "codecs": CODECS, "lacks": self._lacks}

    def producer_settings(self, idempotent):
        raise NotImplementedError

    def produce(self, topic, codec, idempotent, records):
        producer = KafkaProducer(
            **quiet(self._address),
            acks="all",
            compression_type=None if codec == "none" else codec,
            linger_ms=5,
            max_request_size=LARGE,
            max_in_flight_requests_per_connection=1,
            **self.producer_settings(idempotent),
        )
        try:
            sent = [
                producer.send(
                    topic,
                    key=decoded(one["key"]),
                    value=decoded(one["value"]),
                    headers=decoded_headers(one),
                    partition=one.get("partition"),
                    timestamp_ms=one["timestamp"],
                )
                for one in records
            ]
            found = [future.get(timeout=WAIT) for future in sent]
        finally:
            producer.close(timeout=5)
        return {"placed": [[one.partition, one.offset] for one in found]}

    def consume(self, topic, count, timeout_ms, **request):
        deadline = time.monotonic() + timeout_ms / 1000
        found = []
        consumer = KafkaConsumer(**reading(self._address))
        try:
            places = {TopicPartition(topic, p): at for p, at in request["from"]}
            consumer.assign(list(places))
            for place, at in places.items():
                consumer.seek(place, at)
            while len(found) < count and (left := deadline - time.monotonic()) > 0:
                wait = int(min(left, 0.1) * 1000)
                polled = consumer.poll(timeout_ms=wait, max_records=count - len(found))
                found.extend(flattened(polled))
        finally:
            consumer.close()
        return {"records": found}

    def open_member(self, group, topic):
        return lambda inbox: Background(self._address, group, topic, inbox)

    def times(self, topic, times):
        consumer = KafkaConsumer(**reading(self._address))
        try:
            found = []
            # One call each: a call takes one time for a partition.
            for partition, time_ms in times:
                place = TopicPartition(topic, partition)
                at = consumer.offsets_for_times({place: time_ms})[place]
                found.append([partition, -1 if at is None else at.offset])
        finally:
            consumer.close()
        return {"offsets": found}

    def ends(self, topic, partitions):
        consumer = KafkaConsumer(**reading(self._address))
        try:
            places = [TopicPartition(topic, p) for p in partitions]
            first, last = consumer.beginning_offsets(places), consumer.end_offsets(places)
        finally:
            consumer.close()
        return {"offsets": [[one.partition, first[one], last[one]] for one in places]}


def refused(error):
    return Refused(str(error), error.errno) if isinstance(error, BrokerResponseError) else None
