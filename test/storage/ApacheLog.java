// Lets Apache Kafka's own log write the batches of a log of ours, for apache-log.json:
//   java -cp '<4.4.0 jars>:.' ApacheLog OUR-DIRECTORY NEW-DIRECTORY/a-0
// then each file but the .log ones as hex, preallocated indexes without their zeros.
import java.io.File; import java.nio.*; import java.nio.file.*; import java.util.*;
import org.apache.kafka.common.utils.Time; import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.*;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;
public class ApacheLog {
  public static void main(String[] a) throws Exception {
    Map<String,Object> p = new HashMap<>(); p.put("internal.segment.bytes", 40000); p.put("segment.index.bytes", 10485760);
    KafkaScheduler s = new KafkaScheduler(1); s.startup();
    UnifiedLog log = UnifiedLog.create(new File(a[1]), new LogConfig(p), 0L, 0L, s, new BrokerTopicStats(), Time.SYSTEM, 900000,
      new ProducerStateManagerConfig(86400000, false), 600000, new LogDirFailureChannel(1), true, Optional.of(Uuid.fromString("AWwmPKZyTjuE9ZxhO0RQug")));
    File[] files = new File(a[0]).listFiles((d, n) -> n.endsWith(".log")); Arrays.sort(files);
    for (File f : files) {
      byte[] bytes = Files.readAllBytes(f.toPath()); ByteBuffer all = ByteBuffer.wrap(bytes);
      int at = 0; while (at < bytes.length) { int size = all.getInt(at + 8) + 12; ByteBuffer one = ByteBuffer.allocate(size); one.put(bytes, at, size); one.flip(); log.appendAsFollower(MemoryRecords.readableRecords(one), 1000); at += size; }
    }
    System.out.println("LEO " + log.logEndOffset() + " segments " + log.numberOfSegments());
    log.flush(true); log.close(); s.shutdown(); System.exit(0);
  }
}
