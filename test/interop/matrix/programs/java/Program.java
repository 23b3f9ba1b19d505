// The Java client of the matrix: answers each line of standard input with one line of standard output, as
// test/interop/matrix/README.md says. Program HOST:PORT. One source for all versions of kafka-clients; what the
// old and the new ones spell differently is in the class ByVersion, of which each build has its own.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.protocol.Errors;

public final class Program {
    private final Reading reading;
    private final Writing writing;
    private final Administration administration;
    private final String broker;
    private final Map<String, Member> members = new HashMap<>();

    private Program(String broker) {
        this.broker = broker;
        reading = new Reading(broker);
        writing = new Writing(broker);
        administration = new Administration(broker);
    }

    public static void main(String[] args) throws Exception {
        // Answers alone go to standard output, whatever a library prints.
        PrintStream answers = new PrintStream(System.out, false, "UTF-8");
        System.setOut(System.err);
        BufferedReader requests =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Program program = new Program(args[0]);
        boolean isDone = false;
        for (String line; !isDone && (line = requests.readLine()) != null; ) {
            Request request = new Request(Json.object(line));
            isDone = request.text("verb").equals("bye");
            answers.println(Json.write(program.answer(request)));
            answers.flush();
        }
        program.close();
        // Threads that the library leaves behind do not keep the program.
        System.exit(0);
    }

    private Map<String, Object> answer(Request request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", request.number("id"));
        try {
            answer.putAll(perform(request));
        } catch (Exception thrown) {
            Throwable cause = thrown;
            while (cause instanceof ExecutionException) cause = cause.getCause();
            cause.printStackTrace();
            answer.put("error", String.valueOf(cause.getMessage()));
            Errors error = Errors.forException(cause);
            if (error != Errors.UNKNOWN_SERVER_ERROR) answer.put("code", error.code());
        }
        return answer;
    }

    private Map<String, Object> perform(Request request) throws Exception {
        switch (request.text("verb")) {
            case "hello":
                return hello();
            case "produce":
                return writing.produce(request);
            case "consume":
                return reading.consume(request);
            case "times":
                return reading.times(request);
            case "ends":
                return reading.ends(request);
            case "join":
                members.put(request.text("handle"), new Member(broker, request));
                return Collections.emptyMap();
            case "assignment":
                return member(request).assignment();
            case "poll":
                return member(request).poll(request);
            case "commit":
                return member(request).commit(request);
            case "leave":
                member(request).leave();
                members.remove(request.text("handle"));
                return Collections.emptyMap();
            case "bye":
                return Collections.emptyMap();
            default:
                return administration.perform(request);
        }
    }

    private Member member(Request request) {
        Member member = members.get(request.text("handle"));
        if (member == null) throw new IllegalArgumentException("no handle " + request.text("handle"));
        return member;
    }

    private static Map<String, Object> hello() throws IOException {
        Properties build = new Properties();
        try (InputStream in = Errors.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            build.load(in);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("library", "kafka-clients");
        answer.put("version", build.getProperty("version"));
        answer.put("codecs", Arrays.asList("none", "gzip", "snappy", "lz4", "zstd"));
        answer.put("lacks", Collections.emptyMap());
        return answer;
    }

    private void close() throws Exception {
        for (Member member : members.values()) member.leave();
        administration.close();
    }
}
