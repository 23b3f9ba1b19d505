// Runs the command line tools of Apache Kafka one after another in one JVM: a line of stdin is a command,
// base64 fields with a space between: stdin of the tool, class name, arguments. A line of stdout is what
// became of it: exit code, output and error output as base64 in JSON.
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.utils.Exit;

public final class Tools {
    /** Thrown where a tool would end the JVM. */
    private static final class Ended extends RuntimeException {
        final int code;

        Ended(int code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    /** What the tool asked for first: some catch what is thrown at them and ask again. */
    private static volatile Ended first;

    private static Ended ended(int code, String message) {
        Ended ended = new Ended(code, message);
        if (first == null) first = ended;
        return ended;
    }

    /** Some tools keep the stream they first saw, so the stream stays and its target changes. */
    private static final class Switch extends OutputStream {
        private volatile OutputStream target;

        @Override
        public void write(int b) throws java.io.IOException {
            target.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws java.io.IOException {
            target.write(bytes, from, length);
        }
    }

    public static void main(String[] args) throws Exception {
        PrintStream report = System.out;
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Switch out = new Switch();
        Switch err = new Switch();
        System.setOut(new PrintStream(out, true));
        System.setErr(new PrintStream(err, true));
        Exit.setExitProcedure((code, message) -> {
            throw ended(code, message);
        });
        Exit.setHaltProcedure((code, message) -> {
            throw ended(code, message);
        });
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            List<String> fields = new ArrayList<>();
            for (String field : line.split(" ", -1)) {
                fields.add(new String(Base64.getDecoder().decode(field), StandardCharsets.UTF_8));
            }
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            ByteArrayOutputStream complained = new ByteArrayOutputStream();
            out.target = printed;
            err.target = complained;
            System.setIn(new ByteArrayInputStream(fields.get(0).getBytes(StandardCharsets.UTF_8)));
            int code = run(fields.get(1), fields.subList(2, fields.size()).toArray(new String[0]));
            System.out.flush();
            System.err.flush();
            report.println("{\"event\":\"ended\",\"code\":" + code + ",\"out\":\"" + base64(printed)
                    + "\",\"err\":\"" + base64(complained) + "\"}");
            report.flush();
        }
        // The threads that tools leave behind do not keep the JVM.
        Runtime.getRuntime().halt(0);
    }

    private static int run(String className, String[] args) {
        first = null;
        try {
            Class.forName(className).getMethod("main", String[].class).invoke(null, (Object) args);
            return 0;
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (cause instanceof Ended) {
                if (first.getMessage() != null) System.err.println(first.getMessage());
                return first.code;
            }
            cause.printStackTrace();
            return 1;
        } catch (ReflectiveOperationException missing) {
            missing.printStackTrace();
            return 1;
        }
    }

    private static String base64(ByteArrayOutputStream bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
