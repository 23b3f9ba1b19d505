// What a Java application does, in calls that clients 2.1 to 4.4 all have: ClientRound BROKER TOPIC COUNT.
// Creates the topic, produces with each codec, consumes in a group, commits, asks, deletes. Prints one
// JSON line.
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.ArrayList;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

public final class ClientRound {
    private static final int PARTITIONS = 3;

    public static void main(String[] args) throws Exception {
        String broker = args[0];
        String topic = args[1];
        int count = Integer.parseInt(args[2]);
        Properties common = new Properties();
        common.put("bootstrap.servers", broker);
        AdminClient admin = AdminClient.create(common);
        NewTopic created = new NewTopic(topic, PARTITIONS, (short) 1);
        created.configs(Collections.singletonMap("retention.ms", "86400000"));
        admin.createTopics(Collections.singleton(created)).all().get();

        String[] codecs = {"none", "gzip", "snappy", "lz4", "zstd"};
        long begun = System.currentTimeMillis();
        Set<String> acknowledged = new HashSet<>();
        for (String codec : codecs) {
            Properties properties = new Properties();
            properties.putAll(common);
            properties.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
            properties.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
            properties.put("acks", "all");
            properties.put("enable.idempotence", "true");
            properties.put("compression.type", codec);
            properties.put("linger.ms", "5");
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(properties)) {
                List<Future<RecordMetadata>> pending = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    pending.add(producer.send(new ProducerRecord<>(topic, "k" + i, codec + "-" + i)));
                }
                for (int i = 0; i < count; i++) {
                    RecordMetadata at = pending.get(i).get();
                    acknowledged.add(codec + "-" + i + "@" + at.partition() + ":" + at.offset());
                }
            }
        }

        Properties reading = new Properties();
        reading.putAll(common);
        reading.put("group.id", topic + "-group");
        reading.put("auto.offset.reset", "earliest");
        reading.put("enable.auto.commit", "false");
        reading.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        reading.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        Set<String> consumed = new HashSet<>();
        int records = 0;
        int byTime = 0;
        long ends = 0;
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(reading)) {
            consumer.subscribe(Collections.singleton(topic));
            long deadline = System.currentTimeMillis() + 30_000;
            while (records < count * codecs.length && System.currentTimeMillis() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    consumed.add(record.value() + "@" + record.partition() + ":" + record.offset());
                    records++;
                }
                consumer.commitSync();
            }
            Map<TopicPartition, Long> times = new HashMap<>();
            for (int i = 0; i < PARTITIONS; i++) times.put(new TopicPartition(topic, i), begun);
            for (OffsetAndTimestamp found : consumer.offsetsForTimes(times).values()) {
                if (found != null && found.offset() == 0) byTime++;
            }
            for (long end : consumer.endOffsets(times.keySet()).values()) ends += end;
        }
        long committed = 0;
        Map<TopicPartition, OffsetAndMetadata> offsets =
                admin.listConsumerGroupOffsets(topic + "-group").partitionsToOffsetAndMetadata().get();
        for (OffsetAndMetadata offset : offsets.values()) committed += offset.offset();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                admin.describeConfigs(Collections.singleton(resource)).all().get().get(resource);
        int nodes = admin.describeCluster().nodes().get().size();
        boolean isListed = admin.listTopics().names().get().contains(topic);
        admin.deleteTopics(Collections.singleton(topic)).all().get();
        boolean isGone = !admin.listTopics().names().get().contains(topic);
        admin.close();
        System.out.println("{\"event\":\"round\",\"acknowledged\":" + acknowledged.size() + ",\"records\":" + records
                + ",\"same\":" + consumed.equals(acknowledged) + ",\"byTime\":" + byTime
                + ",\"ends\":" + ends + ",\"committed\":" + committed
                + ",\"retention\":\"" + config.get("retention.ms").value() + "\",\"nodes\":" + nodes
                + ",\"listed\":" + isListed + ",\"gone\":" + isGone + "}");
        System.exit(0);
    }
}
