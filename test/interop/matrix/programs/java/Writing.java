// The producer's part: one producer for each request.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

final class Writing {
    private final String broker;

    Writing(String broker) {
        this.broker = broker;
    }

    Map<String, Object> produce(Request request) throws Exception {
        List<Object> placed = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties(request))) {
            List<Future<RecordMetadata>> pending = new ArrayList<>();
            for (Request record : request.records()) {
                pending.add(producer.send(record(request.text("topic"), record)));
            }
            for (Future<RecordMetadata> one : pending) {
                RecordMetadata at = one.get();
                placed.add(Arrays.asList(at.partition(), at.offset()));
            }
        }
        return Collections.singletonMap("placed", placed);
    }

    private Properties properties(Request request) {
        String bytes = "org.apache.kafka.common.serialization.ByteArraySerializer";
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker);
        properties.put("key.serializer", bytes);
        properties.put("value.serializer", bytes);
        properties.put("acks", "all");
        properties.put("enable.idempotence", String.valueOf(request.flag("idempotent")));
        properties.put("compression.type", request.text("codec"));
        properties.put("linger.ms", "5");
        properties.put("max.request.size", String.valueOf(8 << 20));
        // Within the patience of the runner.
        properties.put("max.block.ms", "15000");
        properties.put("request.timeout.ms", "10000");
        properties.put("delivery.timeout.ms", "20000");
        return properties;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Request record) {
        List<Header> headers = new ArrayList<>();
        for (List<Object> header : record.rows("headers")) {
            headers.add(new RecordHeader((String) header.get(0), Request.decoded(header.get(1))));
        }
        Long partition = record.number("partition");
        return new ProducerRecord<>(
                topic,
                partition == null ? null : Integer.valueOf(partition.intValue()),
                record.number("timestamp"),
                record.bytes("key"),
                record.bytes("value"),
                headers);
    }
}
