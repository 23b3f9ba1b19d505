// Raw frames: one thread, epoll, no client library, so that the server is the limit. Every answer is
// checked (correlation id, error codes); any error is counted and makes the program end with 1.
//
//   frames produce|fetch|metadata [options]
//
//   --host H            127.0.0.1
//   --port P            required
//   --what TEXT         the name of the run in the output; made from the options when absent
//   --topic T           frames; created with the partitions below when it is not there
//   --partitions P      1; request i goes to partition i modulo P, a fetch asks for all of them
//   --topic-config K=V  a setting of the topic when this program creates it; may be repeated
//   --connections C     1
//   --in-flight F       1; requests a connection has open at once (fetch: always 1)
//   --requests N        ends after N requests in all; fetch begins again at 0 until then
//   --seconds S         ends after S seconds; fetch begins again at 0 until then
//   --rate R            open loop: R requests per second in all, and a latency counts from the moment
//                       at which the request should have left, however late it left
//   --bytes B           100; the value of one record
//   --records N         1; records of the one batch in a produce request
//   --acks 0|1|-1       1; with 0 there are no latencies, a last Metadata on each connection ends the
//                       clock, and a connection closed by the server is the sign of an error
//   --codec none|lz4    none; the batch is made, compressed and checksummed once
//   --corrupt           flips a bit of the batch after its CRC was made: a server has to refuse it
//   --max-bytes B       52428800, --partition-max-bytes B 1048576, --min-bytes B 1,
//   --max-wait MS       500; the fields of a fetch
//   --timeout S         30; without any answer for so long the program ends with 1
//
// Without --requests and --seconds: produce and metadata refuse, fetch reads each partition once, from
// offset 0 to the end it had at the first answer, and discards.
// Versions: Produce 9 or 7, Fetch 12 or 11, Metadata 9 or 4, what the server speaks. `bytes` in the
// output counts record batches with their headers as they travel (metadata: whole answers).
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/uio.h>

#include "frames-answers.h"

enum { MOST_EVENTS = 256, MOST_FRAMES_PER_WRITE = 64 };

static Connection *connections;
static int events, living;
static uint64_t firstNs, lastNs, deadlineNs;
/** Open loop: requests whose time has come. */
static int64_t scheduled;

static bool hasBody(const Connection *connection) {
  return options.mode == MODE_PRODUCE && !connection->isEnding;
}

static void makeRequest(Connection *connection, uint64_t now) {
  Slot *slot = &connection->slots[connection->made % options.inFlight];
  if (options.mode == MODE_FETCH) makeFetch(&slot->head, connection);
  if (connection->isEnding) makeLastRequest(&slot->head);
  setBig32(slot->head.at + CORRELATION_AT, (uint32_t)connection->made);
  int64_t index = connection->made * options.connections + (connection - connections);
  if (hasBody(connection)) {
    setBig32(slot->head.at + partitionAt, (uint32_t)(index % options.topic.partitions));
  }
  slot->startNs = options.rate > 0 ? firstNs + (uint64_t)((double)index * 1e9 / options.rate) : now;
  connection->made++;
}

static void watch(Connection *connection, bool wantsToWrite) {
  if (connection->wantsToWrite == wantsToWrite) return;
  connection->wantsToWrite = wantsToWrite;
  struct epoll_event event = {.events = EPOLLIN | (wantsToWrite ? EPOLLOUT : 0),
                              .data.ptr = connection};
  epoll_ctl(events, EPOLL_CTL_MOD, connection->fd, &event);
}

/** The parts of the frames not yet written; returns how many. */
static int gather(const Connection *connection, struct iovec *parts) {
  int count = 0;
  size_t skip = connection->writtenBytes;
  int64_t last = connection->made;
  if (last > connection->written + MOST_FRAMES_PER_WRITE) {
    last = connection->written + MOST_FRAMES_PER_WRITE;
  }
  for (int64_t i = connection->written; i < last; i++) {
    const Bytes *head = &connection->slots[i % options.inFlight].head;
    const Bytes *pieces[] = {head, &batch, &trailer};
    for (int j = 0; j < (hasBody(connection) ? 3 : 1); j++) {
      if (skip >= pieces[j]->length) {
        skip -= pieces[j]->length;
        continue;
      }
      parts[count++] = (struct iovec){pieces[j]->at + skip, pieces[j]->length - skip};
      skip = 0;
    }
  }
  return count;
}

static void countWritten(Connection *connection, size_t bytes) {
  connection->writtenBytes += bytes;
  while (connection->written < connection->made) {
    size_t length = connection->slots[connection->written % options.inFlight].head.length;
    if (hasBody(connection)) length += batch.length + trailer.length;
    if (connection->writtenBytes < length) break;
    connection->writtenBytes -= length;
    connection->written++;
    if (options.acks == 0 && hasBody(connection)) {
      connection->answered++;
      result.requests++;
      result.records += (uint64_t)options.records;
      result.bytes += batch.length;
    }
  }
}

static void writeOut(Connection *connection) {
  while (connection->written < connection->made) {
    struct iovec parts[3 * MOST_FRAMES_PER_WRITE];
    int count = gather(connection, parts);
    ssize_t wrote = writev(connection->fd, parts, count);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EAGAIN) {
      watch(connection, true);
      return;
    }
    if (wrote < 0) fail("cannot send to the server: %s", strerror(errno));
    countWritten(connection, (size_t)wrote);
  }
  watch(connection, false);
}

static void finish(Connection *connection) {
  if (connection->isDone) return;
  connection->isDone = true;
  living--;
}

/** Makes and writes what may leave now; ends the connection when nothing is left to ask. */
static void pump(Connection *connection, uint64_t now) {
  if (connection->isDone) return;
  for (;;) {
    bool isOver = deadlineNs != 0 && now >= deadlineNs;
    int64_t made = connection->made;
    while (!connection->isEnding && !isOver && connection->made < connection->due &&
           connection->made - connection->answered < options.inFlight) {
      makeRequest(connection, now);
    }
    writeOut(connection);
    bool isExhausted = isOver || connection->made == connection->due;
    if (options.rate > 0 && !isOver) {
      isExhausted = options.requests > 0 && connection->made * options.connections +
                        (connection - connections) >= options.requests;
    }
    if ((isExhausted || connection->isEnding) && connection->made == connection->answered) {
      if (options.acks != 0 || connection->isEnding) {
        finish(connection);
        return;
      }
      connection->isEnding = true;
      makeRequest(connection, now);
      writeOut(connection);
      return;
    }
    // With acks=0 a written request is an answered one, so that there may be room again.
    if (connection->made == made || options.acks != 0) return;
    if (connection->wantsToWrite) return;
    now = monotonicNs();
  }
}

static void takeAnswer(Connection *connection, Reader *reader, uint64_t now) {
  int32_t id = get32(reader);
  if (id != (int32_t)connection->answered) {
    fail("answer %d came where %d was due", id, (int32_t)connection->answered);
  }
  if (!connection->isEnding) {
    Slot *slot = &connection->slots[connection->answered % options.inFlight];
    recordNs(&result.latency, now > slot->startNs ? now - slot->startNs : 0);
    result.requests++;
    if (options.mode == MODE_PRODUCE) checkProduced(reader);
    else if (options.mode == MODE_FETCH) checkFetched(reader, connection);
    else checkMetadata(reader);
  }
  connection->answered++;
}

/** Takes the whole frames; returns how many bytes of the next one are left. */
static size_t takeAnswers(Connection *connection, uint64_t now) {
  const uint8_t *at = connection->in.at, *end = at + connection->in.length;
  connection->missing = 0;
  while (end - at >= 4) {
    Reader reader = {at, end, false};
    int32_t size = get32(&reader);
    if (size < 4 || size > 1 << 30) fail("the server sent a frame of %d bytes", size);
    if (end - reader.at < size) {
      connection->missing = (size_t)(size - (end - reader.at));
      break;
    }
    if (connection->answered == connection->written) fail("an answer came that nothing asked for");
    reader.end = reader.at + size;
    at = reader.end;
    takeAnswer(connection, &reader, now);
  }
  return (size_t)(end - at);
}

static void readIn(Connection *connection) {
  Bytes *in = &connection->in;
  makeRoom(in, connection->missing > 65536 ? connection->missing : 65536);
  ssize_t got = recv(connection->fd, in->at + in->length, in->room - in->length, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got < 0) fail("cannot read from the server: %s", strerror(errno));
  if (got == 0) fail("the server closed a connection with requests open");
  in->length += (size_t)got;
  lastNs = monotonicNs();
  size_t whole = in->length, rest = takeAnswers(connection, lastNs);
  if (rest > 0 && rest < whole) memmove(in->at, in->at + whole - rest, rest);
  in->length = rest;
}

/** Opens one connection and prepares all its slots. */
static void openConnection(Connection *connection, int64_t quota) {
  connection->fd = connectTo(options.host, options.port);
  fcntl(connection->fd, F_SETFL, O_NONBLOCK);
  connection->due = options.rate > 0 ? 0 : quota;
  connection->slots = calloc((size_t)options.inFlight, sizeof(Slot));
  for (int i = 0; i < options.inFlight; i++) {
    Bytes *head = &connection->slots[i].head;
    if (options.mode == MODE_PRODUCE) makeProduceHead(head);
    else if (options.mode == MODE_METADATA) makeMetadata(head, true);
  }
  size_t partitions = (size_t)options.topic.partitions;
  connection->offsets = calloc(partitions, sizeof(int64_t));
  connection->ends = malloc(partitions * sizeof(int64_t));
  memset(connection->ends, 0xff, partitions * sizeof(int64_t));
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(events, EPOLL_CTL_ADD, connection->fd, &event);
}

/** Lets every connection make the requests whose time has come. */
static void schedule(uint64_t now) {
  while (scheduled < options.requests) {
    if (firstNs + (uint64_t)((double)scheduled * 1e9 / options.rate) > now) return;
    Connection *connection = &connections[scheduled % options.connections];
    scheduled++;
    connection->due++;
    pump(connection, now);
  }
}

static void start(void) {
  events = epoll_create1(0);
  int64_t total = options.requests > 0 ? options.requests : INT64_MAX / 2;
  connections = calloc((size_t)options.connections, sizeof(Connection));
  for (int i = 0; i < options.connections; i++) {
    openConnection(&connections[i], total / options.connections + (i < total % options.connections));
  }
  living = options.connections;
  firstNs = lastNs = monotonicNs();
  if (options.rate > 0) {
    // Else the kernel may wake this thread 50 us late, to save power.
    prctl(PR_SET_TIMERSLACK, 1);
    return;
  }
  if (options.seconds > 0) deadlineNs = firstNs + (uint64_t)(options.seconds * 1e9);
  for (int i = 0; i < options.connections; i++) pump(&connections[i], firstNs);
}

/** How long to wait for events: until the next request is due, and never over a second. */
static struct timespec patience(void) {
  if (options.rate <= 0 || scheduled >= options.requests) return (struct timespec){.tv_sec = 1};
  uint64_t now = monotonicNs();
  uint64_t next = firstNs + (uint64_t)((double)scheduled * 1e9 / options.rate);
  if (next <= now) return (struct timespec){0};
  if (next - now >= 1000000000u) return (struct timespec){.tv_sec = 1};
  return (struct timespec){.tv_nsec = (long)(next - now)};
}

static void run(void) {
  struct epoll_event happened[MOST_EVENTS];
  while (living > 0) {
    struct timespec most = patience();
    int count = epoll_pwait2(events, happened, MOST_EVENTS, &most, NULL);
    if (count < 0 && errno != EINTR) fail("cannot wait for events: %s", strerror(errno));
    if (options.rate > 0) schedule(monotonicNs());
    if (count == 0 && monotonicNs() - lastNs > (uint64_t)options.timeoutSeconds * 1000000000u) {
      fail("no answer for %lld s, %d connections wait", (long long)options.timeoutSeconds, living);
    }
    for (int i = 0; i < count; i++) {
      Connection *connection = happened[i].data.ptr;
      if ((happened[i].events & ~(uint32_t)EPOLLOUT) != 0) readIn(connection);
      pump(connection, lastNs > firstNs ? lastNs : firstNs);
    }
  }
}

static void chooseVersion(const Handshake *shake) {
  if (options.mode == MODE_PRODUCE) {
    options.version = versionOf(shake, PRODUCE, 7, 9);
    if (options.version == 8) options.version = 7;
    options.isFlexible = options.version >= 9;
  } else if (options.mode == MODE_FETCH) {
    options.version = versionOf(shake, FETCH, 11, 12);
    options.isFlexible = options.version >= 12;
  } else {
    options.version = versionOf(shake, METADATA, 4, 9) == 9 ? 9 : 4;
    options.isFlexible = options.version >= 9;
  }
}

int main(int count, char **arguments) {
  signal(SIGPIPE, SIG_IGN);
  readOptions(count, arguments);
  Handshake shake = startHandshake(options.host, options.port);
  chooseVersion(&shake);
  prepareTopic(&shake, &options.topic);
  close(shake.fd);
  if (options.mode == MODE_PRODUCE) makeBatch();
  result.cpuBefore = ownCpuSeconds();
  start();
  run();
  result.seconds = (double)(lastNs - firstNs) / 1e9;
  char what[200];
  static const char *const modes[] = {"produce", "fetch", "metadata"};
  snprintf(what, sizeof what, "%s %lld B, %d x %d", modes[options.mode], (long long)options.bytes,
           options.connections, options.inFlight);
  result.what = options.what != NULL ? options.what : what;
  printResult(&result, "");
  if (result.errors > 0) {
    fail("%llu answers carried an error, see errorsByCode", (unsigned long long)result.errors);
  }
  if (options.mode == MODE_FETCH && result.records == 0) fail("the topic has no records");
  return 0;
}
