# The newest kafka-python in the matrix: kafka_python_3.py HOST:PORT.
import re
import sys

from kafka import TopicPartition, errors
from kafka.admin import ConfigResource, KafkaAdminClient

from kafkapython import KafkaPython, quiet, refused
from lines import Refused, serve


LACKS = {"headers.null": "kafka-python 3 takes bytes only for the value of a header"}


def check(text):
    """Some answers hold errors as text only, their number first."""
    if text is not None and (found := re.match(r"\[Error (\d+)\]", str(text))):
        raise Refused(str(text), int(found[1]))


class KafkaPython3(KafkaPython):
    def __init__(self, address):
        super().__init__(address, LACKS)
        self._admin = KafkaAdminClient(**quiet(address))

    def producer_settings(self, idempotent):
        return {"enable_idempotence": idempotent}

    def committed(self, group, topic, partitions):
        places = [TopicPartition(topic, p) for p in partitions]
        found = self._admin.list_group_offsets({group: places})[group]
        told = [[one.partition, found[one].offset, found[one].metadata] for one in places]
        return {"offsets": told}

    def create_topic(self, topic, partitions, configs):
        new = {"num_partitions": partitions, "replication_factor": 1, "configs": configs}
        self._admin.create_topics({topic: new})

    def describe_topic(self, topic):
        [found] = self._admin.describe_topics([topic])
        if found["error_code"] != 0:
            raise Refused(topic, found["error_code"])
        partitions = sorted(found["partitions"], key=lambda one: one["partition_index"])
        return {"partitions": len(partitions), "leaders": [one["leader_id"] for one in partitions]}

    def list_topics(self):
        return {"topics": self._admin.list_topics()}

    def topic_configs(self, topic, names):
        resource = ConfigResource("TOPIC", topic, names)
        found = self._admin.describe_configs([resource], config_filter="all")["topic"][topic]
        return {"configs": {name: found[name]["value"] for name in names}}

    def alter_configs(self, topic, configs):
        result = self._admin.alter_configs([ConfigResource("TOPIC", topic, configs)])
        check(result["topic"][topic])

    def add_partitions(self, topic, total):
        self._admin.create_partitions({topic: total})

    def delete_topic(self, topic):
        self._admin.delete_topics([topic])

    def delete_records(self, topic, offsets):
        self._admin.delete_records({TopicPartition(topic, p): at for p, at in offsets})

    def list_groups(self):
        return {"groups": [one["group_id"] for one in self._admin.list_groups()]}

    def describe_group(self, group):
        found = self._admin.describe_groups([group])[group]
        check(found["error"])
        return {"state": found["group_state"], "members": len(found["members"])}

    def delete_group(self, group):
        # The answer holds the name of the error's class.
        said = self._admin.delete_groups([group])[group]
        if said != "OK":
            raise getattr(errors, said)(group)


serve(KafkaPython3(sys.argv[1]), refused)
