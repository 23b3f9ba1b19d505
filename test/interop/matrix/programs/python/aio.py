# aiokafka in the matrix: aio.py HOST:PORT. Its tasks run in one event loop in a thread of their own; a
# verb is a coroutine there.
import asyncio
import sys
import threading
import time

import aiokafka
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import BrokerResponseError, for_code

from background import Members
from lines import Refused, decoded, decoded_headers, serve, written

WAIT = 30
LARGE = 8 << 20
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
LACKS = {"deleteGroup": "aiokafka's administrator cannot delete groups"}
OF_THE_TOPIC = 1

loop = asyncio.new_event_loop()


def run(coroutine):
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(WAIT + 30)


def reading(address):
    return {
        "bootstrap_servers": address,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "fetch_max_wait_ms": 50,
        "max_partition_fetch_bytes": LARGE,
    }


def flattened(polled):
    return [record(one) for records in polled.values() for one in records]


def record(one):
    return written((one.partition, one.offset), one.key, one.value, one.headers, one.timestamp)


def check(code, text):
    if code != 0:
        raise for_code(code)(text)


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
        run(self._open(address, group, topic))

    async def _open(self, address, group, topic):
        self._consumer = AIOKafkaConsumer(
            **reading(address),
            group_id=group,
            session_timeout_ms=6000,
            heartbeat_interval_ms=500,
            partition_assignment_strategy=[RangePartitionAssignor],
        )
        self._consumer.subscribe([topic], listener=Forgetting(self._inbox))
        await self._consumer.start()

    async def _read(self):
        # Into the inbox in the same turn of the loop: no revocation comes between.
        self._inbox.put(flattened(await self._consumer.getmany(timeout_ms=50, max_records=500)))

    def read(self):
        run(self._read())

    async def _pause(self):
        self._consumer.pause(*self._consumer.assignment())

    def pause(self):
        run(self._pause())

    async def _resume(self):
        self._consumer.resume(*self._consumer.assignment())

    def resume(self):
        run(self._resume())

    def partitions(self):
        return [one.partition for one in self._consumer.assignment()]

    def commit(self, topic, offsets):
        noted = {TopicPartition(topic, p): (at, note or "") for p, at, note in offsets}
        run(self._consumer.commit(noted))

    def close(self):
        run(self._consumer.stop())


class Aiokafka(Members):
    def __init__(self, address):
        super().__init__()
        self._address = address
        self._admin = run(self._open())

    async def _open(self):
        admin = AIOKafkaAdminClient(bootstrap_servers=self._address)
        await admin.start()
        return admin

    def close(self):
        super().close()
        run(self._admin.close())
        loop.call_soon_threadsafe(loop.stop)

    def hello(self):
        version = aiokafka.__version__
        return {"library": "aiokafka", "version": version, "codecs": CODECS, "lacks": LACKS}

    def produce(self, topic, codec, idempotent, records):
        return run(self._produce(topic, codec, idempotent, records))

    async def _produce(self, topic, codec, idempotent, records):
        producer = AIOKafkaProducer(
            bootstrap_servers=self._address,
            acks="all",
            compression_type=None if codec == "none" else codec,
            enable_idempotence=idempotent,
            linger_ms=5,
            max_request_size=LARGE,
            request_timeout_ms=WAIT * 1000,
        )
        await producer.start()
        try:
            sent = [
                await producer.send(
                    topic,
                    key=decoded(one["key"]),
                    value=decoded(one["value"]),
                    headers=decoded_headers(one),
                    partition=one.get("partition"),
                    timestamp_ms=one["timestamp"],
                )
                for one in records
            ]
            found = await asyncio.gather(*sent)
        finally:
            await producer.stop()
        return {"placed": [[one.partition, one.offset] for one in found]}

    def consume(self, topic, count, timeout_ms, **request):
        return run(self._consume(topic, request["from"], count, timeout_ms))

    async def _consume(self, topic, places, count, timeout_ms):
        deadline = time.monotonic() + timeout_ms / 1000
        found = []
        consumer = AIOKafkaConsumer(**reading(self._address))
        await consumer.start()
        try:
            consumer.assign([TopicPartition(topic, p) for p, _ in places])
            for partition, at in places:
                consumer.seek(TopicPartition(topic, partition), at)
            while len(found) < count and (left := deadline - time.monotonic()) > 0:
                wait = int(min(left, 0.1) * 1000)
                polled = await consumer.getmany(timeout_ms=wait, max_records=count - len(found))
                found.extend(flattened(polled))
        finally:
            await consumer.stop()
        return {"records": found}

    def open_member(self, group, topic):
        return lambda inbox: Background(self._address, group, topic, inbox)

    def committed(self, group, topic, partitions):
        places = [TopicPartition(topic, p) for p in partitions]
        found = run(self._admin.list_consumer_group_offsets(group, partitions=places))
        return {"offsets": [[one.partition, *found[one]] for one in places]}

    def times(self, topic, times):
        return {"offsets": run(self._times(topic, times))}

    async def _times(self, topic, times):
        found = []
        consumer = AIOKafkaConsumer(**reading(self._address))
        await consumer.start()
        try:
            # One call each: a call takes one time for a partition.
            for partition, time_ms in times:
                place = TopicPartition(topic, partition)
                at = (await consumer.offsets_for_times({place: time_ms}))[place]
                found.append([partition, -1 if at is None else at.offset])
        finally:
            await consumer.stop()
        return found

    def ends(self, topic, partitions):
        return {"offsets": run(self._ends([TopicPartition(topic, p) for p in partitions]))}

    async def _ends(self, places):
        consumer = AIOKafkaConsumer(**reading(self._address))
        await consumer.start()
        try:
            first = await consumer.beginning_offsets(places)
            last = await consumer.end_offsets(places)
        finally:
            await consumer.stop()
        return [[one.partition, first[one], last[one]] for one in places]

    def create_topic(self, topic, partitions, configs):
        new = NewTopic(topic, partitions, 1, topic_configs=configs)
        for _, code, text in run(self._admin.create_topics([new])).topic_errors:
            check(code, text)

    def describe_topic(self, topic):
        [found] = run(self._admin.describe_topics([topic]))
        check(found["error_code"], topic)
        partitions = sorted(found["partitions"], key=lambda one: one["partition"])
        return {"partitions": len(partitions), "leaders": [one["leader"] for one in partitions]}

    def list_topics(self):
        return {"topics": run(self._admin.list_topics())}

    def _configs(self, topic, names):
        wanted = None if names is None else {name: None for name in names}
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, wanted)
        [response] = run(self._admin.describe_configs([resource]))
        [(code, text, _, _, entries)] = response.resources
        check(code, text)
        return entries

    def topic_configs(self, topic, names):
        return {"configs": {entry[0]: entry[1] for entry in self._configs(topic, names)}}

    def alter_configs(self, topic, configs):
        # It replaces all settings of the topic; an application that means to keep the others reads first.
        kept = {entry[0]: entry[1] for entry in self._configs(topic, None) if entry[3] == OF_THE_TOPIC}
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, {**kept, **configs})
        [response] = run(self._admin.alter_configs([resource]))
        for code, text, *_ in response.resources:
            check(code, text)

    def add_partitions(self, topic, total):
        run(self._admin.create_partitions({topic: NewPartitions(total)}))

    def delete_topic(self, topic):
        for _, code, *_ in run(self._admin.delete_topics([topic])).topic_error_codes:
            check(code, topic)

    def delete_records(self, topic, offsets):
        wanted = {TopicPartition(topic, p): RecordsToDelete(at) for p, at in offsets}
        run(self._admin.delete_records(wanted))

    def list_groups(self):
        return {"groups": [one[0] for one in run(self._admin.list_consumer_groups())]}

    def describe_group(self, group):
        [response] = run(self._admin.describe_consumer_groups([group]))
        [(code, _, state, _, _, members, *_)] = response.groups
        check(code, group)
        return {"state": state, "members": len(members)}


def refused(error):
    return Refused(str(error), error.errno) if isinstance(error, BrokerResponseError) else None


threading.Thread(target=loop.run_forever, daemon=True).start()
serve(Aiokafka(sys.argv[1]), refused)
