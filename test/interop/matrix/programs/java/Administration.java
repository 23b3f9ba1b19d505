// The admin client's part: topics, their configs, committed offsets and groups.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

final class Administration {
    private final AdminClient admin;

    Administration(String broker) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker);
        // Within the patience of the runner.
        properties.put("request.timeout.ms", "10000");
        properties.put("default.api.timeout.ms", "20000");
        admin = AdminClient.create(properties);
    }

    Map<String, Object> perform(Request request) throws Exception {
        String topic = request.text("topic");
        switch (request.text("verb")) {
            case "committed":
                return committed(request);
            case "createTopic":
                return create(request);
            case "describeTopic":
                return describe(topic);
            case "listTopics":
                return answer("topics", admin.listTopics().names().get());
            case "topicConfigs":
                return configs(request);
            case "alterConfigs":
                ByVersion.alterConfigs(admin, resource(topic), request.texts("configs"));
                return Collections.emptyMap();
            case "addPartitions":
                NewPartitions total = NewPartitions.increaseTo(request.number("total").intValue());
                admin.createPartitions(Collections.singletonMap(topic, total)).all().get();
                return Collections.emptyMap();
            case "deleteTopic":
                admin.deleteTopics(Collections.singleton(topic)).all().get();
                return Collections.emptyMap();
            case "deleteRecords":
                return deleteRecords(request);
            case "listGroups":
                return answer("groups", ByVersion.groups(admin));
            case "describeGroup":
                return describeGroup(request.text("group"));
            case "deleteGroup":
                Collection<String> groups = Collections.singleton(request.text("group"));
                admin.deleteConsumerGroups(groups).all().get();
                return Collections.emptyMap();
            default:
                throw new IllegalArgumentException("no verb " + request.text("verb"));
        }
    }

    void close() {
        admin.close();
    }

    private Map<String, Object> committed(Request request) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> found =
                admin.listConsumerGroupOffsets(request.text("group"))
                        .partitionsToOffsetAndMetadata()
                        .get();
        List<Object> offsets = new ArrayList<>();
        for (Object number : request.list("partitions")) {
            OffsetAndMetadata at = found.get(request.partition(number));
            offsets.add(
                    at == null
                            ? Arrays.asList(number, -1, null)
                            : Arrays.asList(number, at.offset(), at.metadata()));
        }
        return answer("offsets", offsets);
    }

    private Map<String, Object> create(Request request) throws Exception {
        int partitions = request.number("partitions").intValue();
        NewTopic topic = new NewTopic(request.text("topic"), partitions, (short) 1);
        topic.configs(request.texts("configs"));
        admin.createTopics(Collections.singleton(topic)).all().get();
        return Collections.emptyMap();
    }

    private Map<String, Object> describe(String topic) throws Exception {
        TopicDescription description = ByVersion.describe(admin, topic);
        List<Integer> leaders = new ArrayList<>();
        for (TopicPartitionInfo partition : description.partitions()) {
            leaders.add(partition.leader() == null ? -1 : partition.leader().id());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("partitions", leaders.size());
        answer.put("leaders", leaders);
        return answer;
    }

    private Map<String, Object> configs(Request request) throws Exception {
        ConfigResource resource = resource(request.text("topic"));
        Config config =
                admin.describeConfigs(Collections.singleton(resource)).all().get().get(resource);
        Map<String, String> configs = new LinkedHashMap<>();
        for (Object name : request.list("names")) {
            configs.put((String) name, config.get((String) name).value());
        }
        return answer("configs", configs);
    }

    private Map<String, Object> deleteRecords(Request request) throws Exception {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        for (List<Object> row : request.rows("offsets")) {
            RecordsToDelete all = RecordsToDelete.beforeOffset((Long) row.get(1));
            before.put(request.partition(row.get(0)), all);
        }
        admin.deleteRecords(before).all().get();
        return Collections.emptyMap();
    }

    private Map<String, Object> describeGroup(String group) throws Exception {
        ConsumerGroupDescription description =
                admin.describeConsumerGroups(Collections.singleton(group)).all().get().get(group);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("state", ByVersion.state(description));
        answer.put("members", description.members().size());
        return answer;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static Map<String, Object> answer(String name, Object value) {
        return Collections.singletonMap(name, value);
    }
}
