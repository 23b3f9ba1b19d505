// Prints every configuration key of the pinned Apache Kafka, as its own ConfigDef objects have it:
// scope, name, type, default (null: none), dynamic update mode, listed or internal.

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.server.config.DynamicBrokerConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

public class ConfigKeys {
  public static void main(String[] args) throws Exception {
    System.out.println(
        "# Configuration keys of Apache Kafka 4.4.0, printed from its ConfigDef classes: scope, name, type,");
    System.out.println(
        "# default (null: none), dynamic update mode, listed or internal. Separated by tabs.");
    print("broker", AbstractKafkaConfig.CONFIG_DEF, DynamicBrokerConfig.dynamicConfigUpdateModes());
    print("topic", LogConfig.configDefCopy(), null);
    print("group", GroupConfig.CONFIG_DEF, null);
  }

  private static void print(String scope, ConfigDef definition, Map<String, String> modes) {
    for (ConfigDef.ConfigKey key : new TreeMap<>(definition.configKeys()).values()) {
      String initial =
          key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : "(required)";
      String mode = modes == null ? "-" : modes.getOrDefault(key.name, "read-only");
      String visibility = key.internalConfig ? "internal" : "listed";
      System.out.println(
          String.join(
              "\t", scope, key.name, key.type.toString().toLowerCase(), initial, mode, visibility));
    }
  }
}
