// A generated message as JSON: every member of the class, those that the version does not carry at their
// defaults. Bytes are {"$bytes": base64}, 64-bit integers beyond 2^53 are {"$int64": decimal text}.
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.record.internal.MemoryRecords;

final class ValueText {
    static String of(Object value) throws Exception {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) throws Exception {
        if (value == null) out.append("null");
        else if (value instanceof String) quoted(out, (String) value);
        else if (value instanceof Uuid) quoted(out, value.toString());
        else if (value instanceof byte[]) bytes(out, ByteBuffer.wrap((byte[]) value));
        else if (value instanceof ByteBuffer) bytes(out, (ByteBuffer) value);
        else if (value instanceof MemoryRecords) bytes(out, ((MemoryRecords) value).buffer());
        else if (value instanceof Long) int64(out, (Long) value);
        else if (value instanceof Number || value instanceof Boolean) out.append(value);
        else if (value instanceof Collection) array(out, (Collection<?>) value);
        else if (value instanceof Message) struct(out, value);
        else throw new IllegalStateException("no text for " + value.getClass());
    }

    private static void struct(StringBuilder out, Object message) throws Exception {
        out.append('{');
        boolean first = true;
        for (Field field : message.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) continue;
            String name = field.getName();
            if (name.equals("_unknownTaggedFields") || name.equals("next") || name.equals("prev")) continue;
            if (!first) out.append(',');
            first = false;
            quoted(out, name);
            out.append(':');
            field.setAccessible(true);
            append(out, field.get(message));
        }
        out.append('}');
    }

    private static void array(StringBuilder out, Collection<?> items) throws Exception {
        out.append('[');
        boolean first = true;
        for (Object item : items) {
            if (!first) out.append(',');
            first = false;
            append(out, item);
        }
        out.append(']');
    }

    private static void int64(StringBuilder out, long value) {
        boolean safe = Math.abs(value) < 1L << 53 && value != Long.MIN_VALUE;
        if (safe) out.append(value);
        else out.append("{\"$int64\":\"").append(value).append("\"}");
    }

    private static void bytes(StringBuilder out, ByteBuffer buffer) {
        byte[] array = new byte[buffer.remaining()];
        buffer.duplicate().get(array);
        out.append("{\"$bytes\":\"").append(Base64.getEncoder().encodeToString(array)).append("\"}");
    }

    private static void quoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        out.append('"');
    }
}
