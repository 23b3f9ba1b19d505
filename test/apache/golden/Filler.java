// Fills a generated message with seeded values, guided by the Schema of one version: a field that the
// version does not carry keeps its default, as its writer demands. Four cases per version.
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

final class Filler {
    /** Nothing set; ordinary values; extremes; everything nullable null and every array empty. */
    enum Case { DEFAULT, TYPICAL, EDGE, NULLS }

    private static final long SAFE = (1L << 53) - 1;

    private final Case kind;
    private final Random random;

    Filler(Case kind, long seed) {
        this.kind = kind;
        this.random = new Random(seed);
    }

    void fill(Object target, Schema schema) throws Exception {
        if (kind == Case.DEFAULT) return;
        for (BoundField bound : schema.fields()) {
            if (bound.def.type instanceof TaggedFields) {
                for (org.apache.kafka.common.protocol.types.Field tagged
                        : ((TaggedFields) bound.def.type).fields().values()) {
                    set(target, tagged.name, tagged.type);
                }
            } else {
                set(target, bound.def.name, bound.def.type);
            }
        }
    }

    private void set(Object target, String schemaName, Type type) throws Exception {
        Field field = member(target.getClass(), schemaName);
        if (field.getType().isPrimitive() && kind == Case.NULLS) {
            field.set(target, scalar(field.getType()));
            return;
        }
        if (kind == Case.NULLS && type.isNullable()) {
            field.set(target, null);
            return;
        }
        if (Collection.class.isAssignableFrom(field.getType())) {
            field.set(target, collection(field, target, type));
            return;
        }
        if (kind == Case.EDGE && type.isNullable() && !(type instanceof Schema) && random.nextInt(4) == 0) {
            field.set(target, null);
            return;
        }
        field.set(target, value(field.getType(), type));
    }

    private Object collection(Field field, Object target, Type type) throws Exception {
        @SuppressWarnings("unchecked")
        Collection<Object> items = field.getType() == List.class
            ? new ArrayList<>()
            : (Collection<Object>) field.getType().getDeclaredConstructor().newInstance();
        Class<?> element = elementClass(field);
        Type elementType = type.arrayElementType().get();
        int count = kind == Case.NULLS ? 0 : kind == Case.EDGE ? 1 : 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) items.add(value(element, elementType));
        return items;
    }

    private static Class<?> elementClass(Field field) {
        java.lang.reflect.Type generic = field.getType() == List.class
            ? field.getGenericType()
            : field.getType().getGenericSuperclass();
        java.lang.reflect.Type argument = ((ParameterizedType) generic).getActualTypeArguments()[0];
        if (argument instanceof Class) return (Class<?>) argument;
        throw new IllegalStateException("element of " + field);
    }

    private Object value(Class<?> java, Type type) throws Exception {
        if (type instanceof Schema) {
            var constructor = java.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object struct = constructor.newInstance();
            fill(struct, (Schema) type);
            return struct;
        }
        if (java == String.class) return text();
        if (java == byte[].class) return bytes();
        if (java == ByteBuffer.class) return ByteBuffer.wrap(bytes());
        if (java == Uuid.class) return new Uuid(random.nextLong(), random.nextLong());
        if (BaseRecords.class.isAssignableFrom(java)) return records();
        if (type == Type.UINT16) return kind == Case.EDGE ? 65535 : 1 + random.nextInt(60000);
        if (type == Type.UNSIGNED_INT32) return kind == Case.EDGE ? 4294967295L : 1L + random.nextInt(90000);
        return scalar(java);
    }

    private Object scalar(Class<?> java) {
        boolean edge = kind == Case.EDGE;
        if (java == boolean.class || java == Boolean.class) return edge || random.nextBoolean();
        if (java == byte.class || java == Byte.class) {
            return edge ? pick(Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) -1) : (byte) random.nextInt(100);
        }
        if (java == short.class || java == Short.class) {
            return edge ? pick(Short.MIN_VALUE, Short.MAX_VALUE, (short) -1) : (short) random.nextInt(1000);
        }
        if (java == int.class || java == Integer.class) {
            return edge ? pick(Integer.MIN_VALUE, Integer.MAX_VALUE, -1) : random.nextInt(1_000_000);
        }
        if (java == long.class || java == Long.class) {
            return edge
                ? pick(Long.MIN_VALUE, Long.MAX_VALUE, SAFE, -SAFE, 1L << 32, -1L)
                : random.nextLong() >>> (11 + random.nextInt(40));
        }
        if (java == double.class || java == Double.class) {
            return edge ? pick(Double.MAX_VALUE, Double.MIN_VALUE, -0.5) : random.nextInt(1000) / 8.0;
        }
        throw new IllegalStateException("scalar " + java);
    }

    @SafeVarargs
    private <T> T pick(T... options) {
        return options[random.nextInt(options.length)];
    }

    /** The edges of a string: empty, past one varint byte of compact length, every UTF-8 width. */
    private String text() {
        if (kind != Case.EDGE) return "text-" + random.nextInt(100_000);
        return pick("", "x".repeat(127), "y".repeat(130), "\u00e9\u4e16\ud83d\ude42", "\u0000");
    }

    private byte[] bytes() {
        byte[] bytes = new byte[kind == Case.EDGE ? pick(0, 128) : 1 + random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }

    private BaseRecords records() {
        if (kind == Case.EDGE) return MemoryRecords.EMPTY;
        return MemoryRecords.withRecords(
            Compression.NONE,
            new SimpleRecord(1_700_000_000_000L, "key".getBytes(StandardCharsets.UTF_8), bytes()),
            new SimpleRecord(1_700_000_000_001L, null, bytes()));
    }

    /** The Java member of a schema field: "topic_id" is topicId. */
    private static Field member(Class<?> type, String schemaName) {
        String wanted = schemaName.replace("_", "").toLowerCase();
        for (Field field : type.getDeclaredFields()) {
            if (!field.getName().toLowerCase().equals(wanted)) continue;
            field.setAccessible(true);
            return field;
        }
        throw new IllegalStateException(type + " has no " + schemaName);
    }
}
