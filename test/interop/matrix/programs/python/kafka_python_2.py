# kafka-python 2.0.2 in the matrix: kafka_python_2.py HOST:PORT. The newest of the years in which the
# library stood still, and what most of its programs still run.
import sys

from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewPartitions, NewTopic
from kafka.errors import for_code

from kafkapython import KafkaPython, quiet, refused
from lines import serve

LACKS = {
    "idempotent": "kafka-python 2.0.2 has no idempotent producer",
    "headers.null": "kafka-python 2.0.2 takes bytes only for the value of a header",
    "deleteRecords": "kafka-python 2.0.2 cannot delete records",
}
OF_THE_TOPIC = 1


def check(code, text):
    if code != 0:
        raise for_code(code)(text)


class KafkaPython2(KafkaPython):
    def __init__(self, address):
        super().__init__(address, LACKS)
        self._admin = KafkaAdminClient(**quiet(address))

    def producer_settings(self, idempotent):
        return {"retries": 3}

    def committed(self, group, topic, partitions):
        places = [TopicPartition(topic, p) for p in partitions]
        found = self._admin.list_consumer_group_offsets(group, partitions=places)
        return {"offsets": [[one.partition, *found[one]] for one in places]}

    def create_topic(self, topic, partitions, configs):
        self._admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=configs)])

    def describe_topic(self, topic):
        [found] = self._admin.describe_topics([topic])
        check(found["error_code"], topic)
        partitions = sorted(found["partitions"], key=lambda one: one["partition"])
        return {"partitions": len(partitions), "leaders": [one["leader"] for one in partitions]}

    def list_topics(self):
        return {"topics": self._admin.list_topics()}

    def _configs(self, topic, names):
        wanted = None if names is None else {name: None for name in names}
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, wanted)
        [response] = self._admin.describe_configs([resource])
        [(code, text, _, _, entries)] = response.resources
        check(code, text)
        return entries

    def topic_configs(self, topic, names):
        return {"configs": {entry[0]: entry[1] for entry in self._configs(topic, names)}}

    def alter_configs(self, topic, configs):
        # It replaces all settings of the topic; an application that means to keep the others reads first.
        kept = {entry[0]: entry[1] for entry in self._configs(topic, None) if entry[3] == OF_THE_TOPIC}
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, {**kept, **configs})
        for code, text, *_ in self._admin.alter_configs([resource]).resources:
            check(code, text)

    def add_partitions(self, topic, total):
        self._admin.create_partitions({topic: NewPartitions(total)})

    def delete_topic(self, topic):
        self._admin.delete_topics([topic])

    def list_groups(self):
        return {"groups": [name for name, _ in self._admin.list_consumer_groups()]}

    def describe_group(self, group):
        [found] = self._admin.describe_consumer_groups([group])
        return {"state": found.state, "members": len(found.members)}

    def delete_group(self, group):
        for name, error in self._admin.delete_consumer_groups([group]):
            check(error.errno, name)


serve(KafkaPython2(sys.argv[1]), refused)
