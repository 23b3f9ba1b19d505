// What kafka-clients 3.9.2 calls in its own way.
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

final class ByVersion {
    static void alterConfigs(AdminClient admin, ConfigResource topic, Map<String, String> changes)
            throws Exception {
        Collection<AlterConfigOp> set = new ArrayList<>();
        changes.forEach((name, value) -> {
            set.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
        });
        admin.incrementalAlterConfigs(Collections.singletonMap(topic, set)).all().get();
    }

    static TopicDescription describe(AdminClient admin, String topic) throws Exception {
        return admin.describeTopics(Collections.singleton(topic)).topicNameValues().get(topic).get();
    }

    static List<String> groups(AdminClient admin) throws Exception {
        List<String> names = new ArrayList<>();
        for (ConsumerGroupListing group : admin.listConsumerGroups().all().get()) {
            names.add(group.groupId());
        }
        return names;
    }

    static String state(ConsumerGroupDescription group) {
        return group.state().toString();
    }
}
