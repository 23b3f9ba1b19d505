// What kafka-clients 2.1.1 calls in its own way: it has no incremental configs, and topics only by name.
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

final class ByVersion {
    /** AlterConfigs replaces them all, so what was set before is said again. */
    static void alterConfigs(AdminClient admin, ConfigResource topic, Map<String, String> changes)
            throws Exception {
        Map<String, String> all = new HashMap<>();
        Config before = admin.describeConfigs(Collections.singleton(topic)).all().get().get(topic);
        for (ConfigEntry entry : before.entries()) {
            boolean isSet = entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
            if (isSet) all.put(entry.name(), entry.value());
        }
        all.putAll(changes);
        List<ConfigEntry> entries = new ArrayList<>();
        all.forEach((name, value) -> entries.add(new ConfigEntry(name, value)));
        admin.alterConfigs(Collections.singletonMap(topic, new Config(entries))).all().get();
    }

    static TopicDescription describe(AdminClient admin, String topic) throws Exception {
        return admin.describeTopics(Collections.singleton(topic)).values().get(topic).get();
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
