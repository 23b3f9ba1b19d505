// A member of a group on a thread of its own: it polls by itself, keeps what it read until the runner asks for
// it, and forgets what it no longer owns. The consumer belongs to that thread; others hand it tasks.
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

final class Member implements ConsumerRebalanceListener {
    /** Above this many records the consumer pauses, so that the queue is bounded. */
    private static final int MOST_QUEUED = 5_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    /** Guards what follows. */
    private final Object lock = new Object();
    private final Deque<ConsumerRecord<byte[], byte[]>> queued = new ArrayDeque<>();
    private final Set<TopicPartition> owned = new HashSet<>();
    private RuntimeException failure;
    private volatile boolean isLeaving = false;

    Member(String broker, Request request) {
        Properties properties = Request.consumerProperties(broker);
        properties.put("group.id", request.text("group"));
        properties.put("session.timeout.ms", "6000");
        properties.put("heartbeat.interval.ms", "500");
        properties.put(
                "partition.assignment.strategy",
                "org.apache.kafka.clients.consumer.RangeAssignor");
        consumer = new KafkaConsumer<>(properties);
        consumer.subscribe(Collections.singleton(request.text("topic")), this);
        thread = new Thread(this::live, "member " + request.text("handle"));
        thread.start();
    }

    Map<String, Object> assignment() {
        Set<Integer> partitions = new TreeSet<>();
        synchronized (lock) {
            throwFailure();
            for (TopicPartition partition : owned) partitions.add(partition.partition());
        }
        return Collections.singletonMap("partitions", partitions);
    }

    Map<String, Object> poll(Request request) throws InterruptedException {
        long count = request.number("count");
        long deadline = System.nanoTime() + request.number("timeoutMs") * 1_000_000;
        List<Object> records = new ArrayList<>();
        synchronized (lock) {
            long leftMs;
            while (queued.size() < count && (leftMs = (deadline - System.nanoTime()) / 1_000_000) > 0) {
                throwFailure();
                lock.wait(leftMs);
            }
            throwFailure();
            while (records.size() < count && !queued.isEmpty()) {
                records.add(Request.row(queued.remove()));
            }
        }
        return Collections.singletonMap("records", records);
    }

    Map<String, Object> commit(Request request) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (List<Object> row : request.rows("offsets")) {
            String metadata = row.get(2) == null ? "" : (String) row.get(2);
            offsets.put(
                    request.partition(row.get(0)),
                    new OffsetAndMetadata((Long) row.get(1), metadata));
        }
        FutureTask<?> task = new FutureTask<>(() -> consumer.commitSync(offsets), null);
        tasks.add(task);
        // A commit behind the end of the thread would never be answered.
        if (!thread.isAlive()) task.run();
        task.get();
        return Collections.emptyMap();
    }

    void leave() throws InterruptedException {
        isLeaving = true;
        thread.join();
        synchronized (lock) {
            throwFailure();
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        synchronized (lock) {
            owned.removeAll(revoked);
            queued.removeIf((record) -> {
                return revoked.contains(new TopicPartition(record.topic(), record.partition()));
            });
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        synchronized (lock) {
            owned.addAll(assigned);
        }
    }

    private void live() {
        try {
            while (!isLeaving) {
                keep(consumer.poll(Duration.ofMillis(50)));
                for (FutureTask<?> task; (task = tasks.poll()) != null; ) task.run();
            }
            consumer.close();
        } catch (RuntimeException thrown) {
            synchronized (lock) {
                failure = thrown;
                lock.notifyAll();
            }
        }
    }

    private void keep(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        boolean isFull;
        synchronized (lock) {
            for (ConsumerRecord<byte[], byte[]> record : records) queued.add(record);
            isFull = queued.size() >= MOST_QUEUED;
            lock.notifyAll();
        }
        if (isFull) consumer.pause(consumer.assignment());
        else consumer.resume(consumer.paused());
    }

    private void throwFailure() {
        if (failure != null) throw failure;
    }
}
