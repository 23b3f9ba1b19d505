// Writes the golden vectors: for every message class that Kafka's generator made, at every version it
// accepts, one line per case with the bytes Apache's own writer produced and the value that Apache's own
// reader finds in them. Usage: java GoldenVectors OUTPUT_DIRECTORY, with Kafka's jars on the class path.
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.Schema;

public final class GoldenVectors {
    private static final Pattern GENERATED = Pattern.compile("\\.(generated|common\\.message|common\\.metadata)\\.");

    public static void main(String[] args) throws Exception {
        Path output = Path.of(args[0]);
        Files.createDirectories(output);
        int vectors = 0;
        Map<String, Class<?>> messages = generatedMessages();
        for (Map.Entry<String, Class<?>> message : messages.entrySet()) {
            StringBuilder lines = new StringBuilder();
            Schema[] schemas = schemas(message.getValue());
            for (int version = 0; version < schemas.length; version++) {
                if (schemas[version] == null) continue;
                for (Filler.Case kind : Filler.Case.values()) {
                    lines.append(vector(message, (short) version, schemas[version], kind)).append('\n');
                    vectors++;
                }
            }
            if (lines.length() == 0) continue;
            Files.writeString(output.resolve(message.getKey() + ".jsonl"), lines.toString());
        }
        System.out.println(messages.size() + " message classes, " + vectors + " vectors");
    }

    private static String vector(
        Map.Entry<String, Class<?>> message, short version, Schema schema, Filler.Case kind
    ) throws Exception {
        Message filled = (Message) message.getValue().getDeclaredConstructor().newInstance();
        long seed = (message.getKey() + '/' + version + '/' + kind).hashCode();
        new Filler(kind, seed).fill(filled, schema);
        ByteBuffer bytes = write(filled, version);
        Message read = (Message) message.getValue().getDeclaredConstructor().newInstance();
        read.read(new ByteBufferAccessor(bytes.duplicate()), version);
        if (!write(read, version).equals(bytes)) {
            throw new IllegalStateException(message.getKey() + " v" + version + " does not repeat itself");
        }
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return "{\"message\":\"" + message.getKey() + "\",\"version\":" + version
            + ",\"case\":\"" + kind.name().toLowerCase() + "\",\"bytes\":\""
            + Base64.getEncoder().encodeToString(array) + "\",\"value\":" + ValueText.of(read) + "}";
    }

    private static ByteBuffer write(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(buffer), cache, version);
        buffer.flip();
        return buffer;
    }

    private static Schema[] schemas(Class<?> type) throws Exception {
        return (Schema[]) type.getField("SCHEMAS").get(null);
    }

    /** Name (requests and responses without their "Data") to class, in a stable order. */
    private static Map<String, Class<?>> generatedMessages() throws Exception {
        Map<String, Class<?>> found = new TreeMap<>();
        for (String className : classNames()) {
            String simple = className.substring(className.lastIndexOf('.') + 1);
            if (simple.contains("$")) continue;
            if (!GENERATED.matcher(className).find()) continue;
            Class<?> type = Class.forName(className, false, GoldenVectors.class.getClassLoader());
            if (type.isInterface() || !Message.class.isAssignableFrom(type)) continue;
            if (Modifier.isAbstract(type.getModifiers()) || !hasSchemas(type)) continue;
            String name = simple.replaceFirst("(Request|Response|RequestHeader|ResponseHeader)Data$", "$1");
            if (found.put(name, type) != null) throw new IllegalStateException("two of " + name);
        }
        return found;
    }

    private static boolean hasSchemas(Class<?> type) {
        for (Field field : type.getFields()) if (field.getName().equals("SCHEMAS")) return true;
        return false;
    }

    private static List<String> classNames() throws Exception {
        List<String> names = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.endsWith(".jar") || !new File(entry).getName().startsWith("kafka")) continue;
            try (JarFile jar = new JarFile(entry)) {
                jar.stream().forEach(file -> {
                    String path = file.getName();
                    if (!path.endsWith(".class")) return;
                    names.add(path.substring(0, path.length() - 6).replace('/', '.'));
                });
            }
        }
        Collections.sort(names);
        return names;
    }
}
