// Writes test/golden/records/batches.json: record batches built by Apache Kafka's own classes, with
// what those classes read back from them. Run once per pinned version, the jars of Apache Kafka 4.4.0
// on the class path: java -cp 'libs/*' test/apache/golden/RecordBatches.java > test/golden/records/batches.json
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

public class RecordBatches {
    static final long T0 = 1_700_000_000_000L;
    static final List<String> out = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        for (CompressionType type : CompressionType.values()) {
            Compression codec = Compression.of(type).build();
            add(type.name + " edge records", batch((byte) 2, codec, edge(), 42));
            add(type.name + " one empty record",
                batch((byte) 2, codec, List.of(new SimpleRecord(T0, new byte[0], new byte[0])), 0));
            if (type != CompressionType.NONE) add(type.name + " many records", batch((byte) 2, codec, words(1500), 7));
            if (type == CompressionType.ZSTD) continue;
            for (byte magic = 0; magic < 2; magic++)
                add("magic " + magic + " " + type.name, batch(magic, codec, plain(magic), 10));
            add("magic 1 log append time " + type.name, builder((byte) 1, codec, TimestampType.LOG_APPEND_TIME, 5, T0 + 99,
                -1, (short) -1, -1, false, false, -1, -1, plain((byte) 1)));
        }
        Compression none = Compression.NONE;
        add("incompressible lz4", batch((byte) 2, Compression.lz4().build(), noise(), 0));
        add("incompressible snappy", batch((byte) 2, Compression.snappy().build(), noise(), 0));
        add("incompressible zstd", batch((byte) 2, Compression.zstd().build(), noise(), 0));
        add("idempotent", builder((byte) 2, none, TimestampType.CREATE_TIME, 100, -1, 4711, (short) 3, 2147483646, false, false, 5, -1, edge()));
        add("transactional", builder((byte) 2, none, TimestampType.CREATE_TIME, 1L << 40, -1, 1L << 41, (short) 32767, 0, true, false, 2147483647, -1, edge()));
        add("log append time", builder((byte) 2, none, TimestampType.LOG_APPEND_TIME, 9, T0 + 12345, -1, (short) -1, -1, false, false, 0, -1, edge()));
        add("delete horizon", builder((byte) 2, none, TimestampType.CREATE_TIME, 9, -1, -1, (short) -1, -1, false, false, 0, T0 + 86_400_000L, edge()));
        add("huge offset", batch((byte) 2, none, List.of(new SimpleRecord(T0, null, "v".getBytes())), Long.MAX_VALUE - 7));
        add("offsets with gaps", gaps());
        ByteBuffer empty = ByteBuffer.allocate(61);
        DefaultRecordBatch.writeEmptyHeader(empty, (byte) 2, 77, (short) 1, 30, 500, 509, 4, TimestampType.CREATE_TIME, T0, true, false);
        empty.flip();
        add("emptied by compaction", MemoryRecords.readableRecords(empty));
        control();
        System.out.println("[\n" + String.join(",\n", out) + "\n]");
    }

    static List<SimpleRecord> edge() {
        byte[] big = new byte[1500];
        for (int i = 0; i < big.length; i++) big[i] = (byte) (i % 97);
        return List.of(
            new SimpleRecord(T0, "key".getBytes(), "value".getBytes()),
            new SimpleRecord(T0 - 70_000, null, "null key, earlier than the first".getBytes()),
            new SimpleRecord(T0 + (1L << 33), "tombstone".getBytes(), (byte[]) null),
            new SimpleRecord(T0 + 1, new byte[0], new byte[0], new Header[] {
                new RecordHeader("trace", "abc".getBytes()), new RecordHeader("", new byte[0]),
                new RecordHeader("h\u00e9\u20ac\ud83d\ude00", (byte[]) null), new RecordHeader("trace", "twice".getBytes())}),
            new SimpleRecord(T0 + 2, null, big));
    }

    static List<SimpleRecord> plain(byte magic) {
        long t = magic == 0 ? -1 : T0;
        return List.of(new SimpleRecord(t, "a".getBytes(), "one".getBytes()),
            new SimpleRecord(magic == 0 ? -1 : t + 5, null, "two".repeat(40).getBytes()),
            new SimpleRecord(t, "c".getBytes(), (byte[]) null));
    }

    static List<SimpleRecord> words(int count) {
        String[] words = "the log is an append only totally ordered sequence of records ordered by time".split(" ");
        Random random = new Random(1);
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder line = new StringBuilder();
            for (int w = 0; w < 12; w++) line.append(words[(i / 40 + (w % 5 == 0 ? random.nextInt(words.length) : w)) % words.length]).append(' ');
            records.add(new SimpleRecord(T0 + i, ("k" + i).getBytes(), line.toString().getBytes()));
        }
        return records;
    }

    static List<SimpleRecord> noise() {
        byte[] bytes = new byte[3000];
        new Random(7).nextBytes(bytes);
        return List.of(new SimpleRecord(T0, null, bytes));
    }

    static MemoryRecords batch(byte magic, Compression codec, List<SimpleRecord> records, long baseOffset) {
        return builder(magic, codec, TimestampType.CREATE_TIME, baseOffset, -1, -1, (short) -1, -1, false, false, -1, -1, records);
    }

    static MemoryRecords builder(byte magic, Compression codec, TimestampType kind, long baseOffset, long appendTime, long pid,
            short epoch, int sequence, boolean transactional, boolean control, int leaderEpoch, long horizon, List<SimpleRecord> records) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
            new org.apache.kafka.common.utils.internals.ByteBufferOutputStream(buffer), magic, codec, kind, baseOffset,
            appendTime, pid, epoch, sequence, transactional, control, leaderEpoch, 1 << 20, horizon);
        for (SimpleRecord record : records) builder.append(record);
        return builder.build();
    }

    static MemoryRecords gaps() {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1000), Compression.NONE, TimestampType.CREATE_TIME, 1000);
        for (long offset : new long[] {1003, 1064, 1200}) builder.appendWithOffset(offset, T0, "k".getBytes(), "v".getBytes());
        builder.overrideLastOffset(1300);
        return builder.build();
    }

    static void control() {
        add("control commit", MemoryRecords.withEndTransactionMarker(88, T0, 6, 4711, (short) 2, new EndTransactionMarker(ControlRecordType.COMMIT, 13)));
        add("control abort", MemoryRecords.withEndTransactionMarker(89, T0, 6, 4711, (short) 2, new EndTransactionMarker(ControlRecordType.ABORT, -1)));
        LeaderChangeMessage leader = new LeaderChangeMessage().setVersion((short) 1).setLeaderId(3)
            .setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(3)))
            .setGrantingVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(3)));
        add("control leader change", MemoryRecords.withLeaderChangeMessage(0, T0, 2, ByteBuffer.allocate(300), leader));
        add("control snapshot header", MemoryRecords.withSnapshotHeaderRecord(0, T0, 2, ByteBuffer.allocate(300),
            new SnapshotHeaderRecord().setVersion((short) 0).setLastContainedLogTimestamp(T0 - 1)));
        add("control snapshot footer", MemoryRecords.withSnapshotFooterRecord(9, T0, 2, ByteBuffer.allocate(300),
            new SnapshotFooterRecord().setVersion((short) 0)));
        add("control kraft version", MemoryRecords.withKRaftVersionRecord(1, T0, 2, ByteBuffer.allocate(300),
            new KRaftVersionRecord().setVersion((short) 0).setKRaftVersion((short) 1)));
        add("control kraft voters", MemoryRecords.withVotersRecord(2, T0, 2, ByteBuffer.allocate(300),
            new VotersRecord().setVersion((short) 0)));
    }

    static void add(String name, MemoryRecords records) {
        StringBuilder json = new StringBuilder(" {\"name\": \"" + name + "\", \"bytes\": " + base64(records.buffer()));
        List<String> batches = new ArrayList<>();
        for (MutableRecordBatch batch : records.batches()) batches.add(describe(batch));
        out.add(json + ",\n  \"batches\": [" + String.join(", ", batches) + "]}");
    }

    static String describe(MutableRecordBatch batch) {
        if (!batch.isValid()) throw new IllegalStateException("built a bad batch");
        List<Record> records = new ArrayList<>();
        for (Record record : batch) records.add(record);
        // Many records are all alike: their count and a few of them say enough.
        List<Record> shown = records.size() > 20 ? List.of(records.get(0), records.get(records.size() - 1)) : records;
        String common = "{\"magic\": " + batch.magic() + ", \"size\": " + batch.sizeInBytes() + ", \"baseOffset\": \"" + batch.baseOffset()
            + "\", \"lastOffset\": \"" + batch.lastOffset() + "\", \"nextOffset\": \"" + batch.nextOffset() + "\", \"crc\": " + batch.checksum()
            + ", \"codec\": " + batch.compressionType().id + ", \"timestampType\": " + batch.timestampType().id
            + ", \"maxTimestamp\": " + batch.maxTimestamp() + ", \"recordCount\": " + records.size();
        if (batch instanceof DefaultRecordBatch b) {
            common += ", \"partitionLeaderEpoch\": " + b.partitionLeaderEpoch() + ", \"baseTimestamp\": " + b.baseTimestamp()
                + ", \"producerId\": " + b.producerId() + ", \"producerEpoch\": " + b.producerEpoch() + ", \"baseSequence\": " + b.baseSequence()
                + ", \"lastSequence\": " + b.lastSequence() + ", \"isTransactional\": " + b.isTransactional() + ", \"isControl\": " + b.isControlBatch()
                + ", \"deleteHorizon\": " + (b.deleteHorizonMs().isPresent() ? b.deleteHorizonMs().getAsLong() : "null");
        }
        return common + ",\n   \"records\": [" + shown.stream().map(RecordBatches::describe).collect(Collectors.joining(",\n    ")) + "]}";
    }

    static String describe(Record record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers())
            headers.add("[" + base64(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8))) + ", "
                + base64(header.value() == null ? null : ByteBuffer.wrap(header.value())) + "]");
        return "{\"offset\": \"" + record.offset() + "\", \"timestamp\": " + record.timestamp() + ", \"sequence\": " + record.sequence() + ", \"size\": "
            + record.sizeInBytes() + ", \"key\": " + base64(record.key()) + ", \"value\": " + base64(record.value()) + ", \"headers\": [" + String.join(", ", headers) + "]}";
    }

    static String base64(ByteBuffer bytes) {
        if (bytes == null) return "null";
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return "\"" + Base64.getEncoder().encodeToString(copy) + "\"";
    }
}
