// One request of the runner with its members by kind, and the pieces that requests and answers share.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

final class Request {
    private final Map<String, Object> members;

    Request(Map<String, Object> members) {
        this.members = members;
    }

    String text(String name) {
        return (String) members.get(name);
    }

    /** A number, or null where JSON has null or no such member. */
    Long number(String name) {
        return (Long) members.get(name);
    }

    boolean flag(String name) {
        return (Boolean) members.get(name);
    }

    byte[] bytes(String name) {
        return decoded(members.get(name));
    }

    @SuppressWarnings("unchecked")
    Map<String, String> texts(String name) {
        return (Map<String, String>) members.get(name);
    }

    @SuppressWarnings("unchecked")
    List<Object> list(String name) {
        return (List<Object>) members.get(name);
    }

    /** The rows of a list of lists. */
    @SuppressWarnings("unchecked")
    List<List<Object>> rows(String name) {
        return (List<List<Object>>) members.get(name);
    }

    @SuppressWarnings("unchecked")
    List<Request> records() {
        List<Request> records = new ArrayList<>();
        for (Object one : list("records")) records.add(new Request((Map<String, Object>) one));
        return records;
    }

    /** The partition that the first number of each row names. */
    List<TopicPartition> partitionsOf(List<List<Object>> rows) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (List<Object> row : rows) partitions.add(partition(row.get(0)));
        return partitions;
    }

    TopicPartition partition(Object number) {
        return new TopicPartition(text("topic"), ((Long) number).intValue());
    }

    static byte[] decoded(Object base64) {
        return base64 == null ? null : Base64.getDecoder().decode((String) base64);
    }

    static String encoded(byte[] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    static Map<String, Object> row(ConsumerRecord<byte[], byte[]> record) {
        List<Object> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(Arrays.asList(header.key(), encoded(header.value())));
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("partition", record.partition());
        row.put("offset", record.offset());
        row.put("key", encoded(record.key()));
        row.put("value", encoded(record.value()));
        row.put("headers", headers);
        row.put("timestamp", record.timestamp());
        return row;
    }

    /** What every consumer here has in common. */
    static Properties consumerProperties(String broker) {
        String bytes = "org.apache.kafka.common.serialization.ByteArrayDeserializer";
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker);
        properties.put("key.deserializer", bytes);
        properties.put("value.deserializer", bytes);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.partition.fetch.bytes", String.valueOf(8 << 20));
        // Newer clients close only when the fetch that waits at the broker is answered.
        properties.put("fetch.max.wait.ms", "100");
        return properties;
    }
}
