// Consumers without a group: records from given offsets, offsets by time, both ends of a partition.
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

final class Reading {
    private final String broker;

    Reading(String broker) {
        this.broker = broker;
    }

    Map<String, Object> consume(Request request) {
        List<List<Object>> from = request.rows("from");
        long count = request.number("count");
        long deadline = System.nanoTime() + request.number("timeoutMs") * 1_000_000;
        List<Object> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            consumer.assign(request.partitionsOf(from));
            for (List<Object> row : from) {
                consumer.seek(request.partition(row.get(0)), (Long) row.get(1));
            }
            while (records.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (records.size() < count) records.add(Request.row(record));
                }
            }
        }
        return Collections.singletonMap("records", records);
    }

    Map<String, Object> times(Request request) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (List<Object> row : request.rows("times")) {
            wanted.put(request.partition(row.get(0)), (Long) row.get(1));
        }
        List<Object> offsets = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
            for (TopicPartition partition : request.partitionsOf(request.rows("times"))) {
                OffsetAndTimestamp at = found.get(partition);
                offsets.add(Arrays.asList(partition.partition(), at == null ? -1 : at.offset()));
            }
        }
        return Collections.singletonMap("offsets", offsets);
    }

    Map<String, Object> ends(Request request) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Object number : request.list("partitions")) partitions.add(request.partition(number));
        List<Object> offsets = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = open()) {
            Map<TopicPartition, Long> earliest = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> latest = consumer.endOffsets(partitions);
            for (TopicPartition one : partitions) {
                offsets.add(Arrays.asList(one.partition(), earliest.get(one), latest.get(one)));
            }
        }
        return Collections.singletonMap("offsets", offsets);
    }

    private KafkaConsumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(Request.consumerProperties(broker));
    }
}
