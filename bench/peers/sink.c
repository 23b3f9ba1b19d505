// The raw limit: one thread that receives produce requests, checks the CRC-32C of every batch, writes
// it to a file and answers, and sends it back by sendfile. Enough of the protocol for bench/load, and
// nothing else: no groups, no limits, no durability, one batch per partition and request.
//
//   sink [options]
//
//   --port P         0, that is any
//   --partitions N   12; of every topic, which appears at the first Metadata that names it
//   --dir D          /tmp; where the nameless files are
//
// Speaks ApiVersions 0, Metadata 0-4, Produce 7-9, Fetch 11, ListOffsets 1. Prints `listening PORT`
// and stops on SIGTERM.
#include <arpa/inet.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include "sink-log.h"

enum { LIST_OFFSETS = 2, FIND_COORDINATOR = 10, MOST_EVENTS = 256, UNKNOWN_TOPIC = 3 };
enum { OFFSET_OUT_OF_RANGE = 1, UNSUPPORTED_VERSION = 35 };

/** A part of a file that goes out when `at` bytes of the output have. */
typedef struct {
  size_t at;
  int fd;
  off_t from;
  int64_t left;
} Region;

typedef struct Connection {
  int fd;
  bool wantsToWrite, isWaiting;
  Bytes in, out;
  size_t missing, sent, regionCount, regionsSent, regionRoom;
  Region *regions;
  /** A fetch that found nothing: its frame stays first in `in` until `waitsUntil`. */
  uint64_t waitsUntil;
  struct Connection *next, *previous;
} Connection;

static Connection connections = {.next = &connections, .previous = &connections};
static int events, listener, port;
static volatile sig_atomic_t isEnding;
static bool hasAppended;

static void onSignal(int signal) {
  (void)signal;
  isEnding = 1;
}

static void answerApiVersions(Bytes *out, int version) {
  static const int ranges[][3] = {{PRODUCE, 0, 9},      {FETCH, 4, 11},
                                  {LIST_OFFSETS, 1, 1}, {METADATA, 0, 4},
                                  {FIND_COORDINATOR, 0, 0}, {API_VERSIONS, 0, 0}};
  int count = sizeof ranges / sizeof ranges[0];
  put16(out, version == 0 ? 0 : UNSUPPORTED_VERSION);
  put32(out, count);
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < 3; j++) put16(out, ranges[i][j]);
  }
}

static void putTopicMetadata(Bytes *out, int version, const Topic *topic) {
  put16(out, 0);
  putString(out, false, topic->name);
  if (version >= 1) put8(out, 0);
  put32(out, partitionsPerTopic);
  for (int i = 0; i < partitionsPerTopic; i++) {
    put16(out, 0);
    put32(out, i);
    put32(out, 1);
    for (int j = 0; j < 2; j++) {
      put32(out, 1);
      put32(out, 1);
    }
  }
}

static void answerMetadata(Reader *request, Bytes *out, int version) {
  if (version >= 3) put32(out, 0);
  put32(out, 1);
  put32(out, 1);
  putString(out, false, "127.0.0.1");
  put32(out, port);
  if (version >= 1) putNullString(out, false);
  if (version >= 2) putString(out, false, "sink");
  if (version >= 1) put32(out, 1);
  int32_t count = get32(request);
  if (count < 0 || (version == 0 && count == 0)) {
    put32(out, topicCount);
    for (int i = 0; i < topicCount; i++) putTopicMetadata(out, version, &topics[i]);
    return;
  }
  put32(out, count);
  for (; count > 0; count--) {
    int16_t length = get16(request);
    Topic *topic = findTopic(getRaw(request, length), (size_t)length, true);
    if (topic == NULL || request->isShort) fail("the sink cannot read a Metadata request");
    putTopicMetadata(out, version, topic);
  }
}

static Partition *partitionOf(Topic *topic, int32_t index) {
  if (topic == NULL || index < 0 || index >= partitionsPerTopic) return NULL;
  return &topic->partitions[index];
}

static Topic *getTopic(Reader *request, Bytes *out, bool isFlexible) {
  int64_t length = isFlexible ? (int64_t)getUvarint(request) - 1 : get16(request);
  const uint8_t *name = getRaw(request, length);
  if (isFlexible) putUvarint(out, (uint64_t)length + 1);
  else put16(out, (uint64_t)length);
  putRaw(out, name, (size_t)length);
  return findTopic(name, (size_t)length, false);
}

static void producePartition(Reader *request, Bytes *out, Topic *topic, int version) {
  bool flexible = version >= 9;
  int32_t index = get32(request);
  int64_t length = getCount(request, flexible), baseOffset = -1;
  uint8_t *batch = (uint8_t *)getRaw(request, length);
  skipTags(request, flexible);
  Partition *partition = partitionOf(topic, index);
  int16_t error = UNKNOWN_TOPIC;
  if (partition != NULL) error = append(partition, batch, (size_t)length, &baseOffset);
  put32(out, (uint32_t)index);
  put16(out, (uint16_t)error);
  put64(out, (uint64_t)baseOffset);
  put64(out, (uint64_t)-1);
  put64(out, 0);
  if (version >= 8) putCount(out, flexible, 0);
  if (version >= 8) putNullString(out, flexible);
  putTags(out, flexible);
}

/** Returns false where nothing may be answered. */
static bool answerProduce(Reader *request, Bytes *out, int version) {
  bool flexible = version >= 9;
  skipString(request, flexible);
  bool isAnswered = get16(request) != 0;
  get32(request);
  putTags(out, flexible);
  int64_t count = getCount(request, flexible);
  putCount(out, flexible, (uint64_t)count);
  for (; count > 0 && !request->isShort; count--) {
    Topic *topic = getTopic(request, out, flexible);
    int64_t partitions = getCount(request, flexible);
    putCount(out, flexible, (uint64_t)partitions);
    for (; partitions > 0 && !request->isShort; partitions--) {
      producePartition(request, out, topic, version);
    }
    skipTags(request, flexible);
    putTags(out, flexible);
  }
  put32(out, 0);
  putTags(out, flexible);
  hasAppended = true;
  return isAnswered;
}

static void answerListOffsets(Reader *request, Bytes *out) {
  get32(request);
  int32_t count = get32(request);
  put32(out, (uint32_t)count);
  for (; count > 0 && !request->isShort; count--) {
    Topic *topic = getTopic(request, out, false);
    int32_t partitions = get32(request);
    put32(out, (uint32_t)partitions);
    for (; partitions > 0 && !request->isShort; partitions--) {
      int32_t index = get32(request);
      int64_t timestamp = get64(request);
      Partition *partition = partitionOf(topic, index);
      put32(out, (uint32_t)index);
      put16(out, partition == NULL ? UNKNOWN_TOPIC : 0);
      put64(out, (uint64_t)-1);
      put64(out, partition == NULL || timestamp == -2 ? 0 : (uint64_t)partition->nextOffset);
    }
  }
}

static void addRegion(Connection *connection, int fd, off_t from, int64_t length) {
  if (connection->regionCount == connection->regionRoom) {
    connection->regionRoom = connection->regionRoom * 2 + 8;
    connection->regions = realloc(connection->regions, connection->regionRoom * sizeof(Region));
  }
  connection->regions[connection->regionCount++] =
      (Region){connection->out.length, fd, from, length};
}

/** Returns how many bytes of the partition's file belong into the answer after `out`. */
static int64_t fetchPartition(Reader *request, Connection *connection, Topic *topic, int64_t room) {
  Bytes *out = &connection->out;
  int32_t index = get32(request);
  get32(request);
  int64_t offset = get64(request), from = 0, length = 0;
  get64(request);
  int64_t most = get32(request);
  Partition *partition = partitionOf(topic, index);
  int16_t error = partition == NULL ? UNKNOWN_TOPIC : 0;
  int64_t end = partition == NULL ? -1 : partition->nextOffset;
  if (error == 0 && (offset < 0 || offset > end)) error = OFFSET_OUT_OF_RANGE;
  if (error == 0 && offset < end && room > 0) {
    length = findRange(partition, offset, most < room ? most : room, &from);
  }
  put32(out, (uint32_t)index);
  put16(out, (uint16_t)error);
  put64(out, (uint64_t)end);
  put64(out, (uint64_t)end);
  put64(out, 0);
  put32(out, (uint32_t)-1);
  put32(out, (uint32_t)-1);
  put32(out, (uint32_t)length);
  if (length > 0) addRegion(connection, partition->fd, from, length);
  return error != 0 ? -1 : length;
}

/** Returns the bytes of files in the answer, or -1 where it has to wait for more. */
static int64_t answerFetch(Reader *request, Connection *connection) {
  writeDirty();
  Bytes *out = &connection->out;
  size_t regions = connection->regionCount;
  get32(request);
  int64_t maxWaitMs = get32(request);
  get32(request);
  int64_t room = get32(request), sum = 0;
  bool isFailed = false;
  get8(request);
  get64(request);
  put32(out, 0);
  put16(out, 0);
  put32(out, 0);
  int32_t count = get32(request);
  put32(out, (uint32_t)count);
  for (; count > 0 && !request->isShort; count--) {
    Topic *topic = getTopic(request, out, false);
    int32_t partitions = get32(request);
    put32(out, (uint32_t)partitions);
    for (; partitions > 0 && !request->isShort; partitions--) {
      int64_t got = fetchPartition(request, connection, topic, room - sum);
      if (got > 0) sum += got;
      if (got < 0) isFailed = true;
    }
  }
  if (sum > 0 || isFailed || request->isShort) return sum;
  uint64_t now = monotonicNs();
  if (connection->waitsUntil == 0) connection->waitsUntil = now + (uint64_t)maxWaitMs * 1000000u;
  if (now >= connection->waitsUntil) return 0;
  connection->regionCount = regions;
  return -1;
}

/** Answers one frame; false where it has to wait. */
static bool takeFrame(Connection *connection, uint8_t *frame, size_t size) {
  Reader request = {frame, frame + size, false};
  int16_t key = get16(&request), version = get16(&request);
  int32_t correlationId = get32(&request);
  skipString(&request, false);
  Bytes *out = &connection->out;
  size_t start = out->length;
  put32(out, 0);
  put32(out, (uint32_t)correlationId);
  int64_t fileBytes = 0;
  bool isAnswered = true;
  skipTags(&request, key == PRODUCE && version >= 9);
  if (key == API_VERSIONS) answerApiVersions(out, version);
  else if (key == METADATA && version <= 4) answerMetadata(&request, out, version);
  else if (key == PRODUCE && version >= 7 && version <= 9) {
    isAnswered = answerProduce(&request, out, version);
  } else if (key == LIST_OFFSETS && version == 1) answerListOffsets(&request, out);
  else if (key == FETCH && version == 11) fileBytes = answerFetch(&request, connection);
  else fail("the sink does not speak version %d of API %d", version, key);
  if (key != API_VERSIONS && request.isShort) fail("a request of API %d ends too early", key);
  if (fileBytes < 0 || !isAnswered) out->length = start;
  else setBig32(out->at + start, (uint32_t)(out->length - start - 4 + (size_t)fileBytes));
  connection->isWaiting = fileBytes < 0;
  if (fileBytes >= 0) connection->waitsUntil = 0;
  return fileBytes >= 0;
}

static void takeFrames(Connection *connection) {
  Bytes *in = &connection->in;
  uint8_t *at = in->at, *end = in->at + in->length;
  connection->missing = 0;
  while (end - at >= 4) {
    Reader reader = {at, end, false};
    int32_t size = get32(&reader);
    if (size < 8 || size > 1 << 30) fail("a frame of %d bytes was announced", size);
    if (end - at - 4 < size) {
      connection->missing = (size_t)(size - (end - at - 4));
      break;
    }
    if (!takeFrame(connection, at + 4, (size_t)size)) break;
    at += 4 + size;
  }
  in->length = (size_t)(end - at);
  if (at > in->at && in->length > 0) memmove(in->at, at, in->length);
}

static void closeConnection(Connection *connection) {
  close(connection->fd);
  connection->next->previous = connection->previous;
  connection->previous->next = connection->next;
  free(connection->in.at);
  free(connection->out.at);
  free(connection->regions);
  free(connection);
}

static void watch(Connection *connection, bool wantsToWrite) {
  if (connection->wantsToWrite == wantsToWrite) return;
  connection->wantsToWrite = wantsToWrite;
  struct epoll_event event = {.events = EPOLLIN | (wantsToWrite ? EPOLLOUT : 0),
                              .data.ptr = connection};
  epoll_ctl(events, EPOLL_CTL_MOD, connection->fd, &event);
}

/** Sends the next piece; what the system call returned. */
static ssize_t sendPiece(Connection *connection) {
  Bytes *out = &connection->out;
  Region *region = connection->regionsSent < connection->regionCount
                       ? &connection->regions[connection->regionsSent]
                       : NULL;
  size_t until = region == NULL ? out->length : region->at;
  if (connection->sent < until) {
    int flags = MSG_NOSIGNAL | (region == NULL ? 0 : MSG_MORE);
    ssize_t sent = send(connection->fd, out->at + connection->sent, until - connection->sent, flags);
    if (sent > 0) connection->sent += (size_t)sent;
    return sent;
  }
  ssize_t sent = sendfile(connection->fd, region->fd, &region->from, (size_t)region->left);
  if (sent > 0) region->left -= sent;
  if (region->left == 0) connection->regionsSent++;
  return sent;
}

/** False where the peer is gone. */
static bool sendOut(Connection *connection) {
  while (connection->sent < connection->out.length ||
         connection->regionsSent < connection->regionCount) {
    ssize_t sent = sendPiece(connection);
    if (sent >= 0 || errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    watch(connection, true);
    return true;
  }
  connection->out.length = connection->sent = 0;
  connection->regionCount = connection->regionsSent = 0;
  watch(connection, false);
  return true;
}

static void acceptOne(void) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection *connection = calloc(1, sizeof *connection);
  connection->fd = fd;
  connection->next = &connections;
  connection->previous = connections.previous;
  connections.previous->next = connection;
  connections.previous = connection;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
}

/** Reads and takes what came; false where the peer is gone. */
static bool readIn(Connection *connection) {
  Bytes *in = &connection->in;
  makeRoom(in, connection->missing > 65536 ? connection->missing : 65536);
  ssize_t got = recv(connection->fd, in->at + in->length, in->room - in->length, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  in->length += (size_t)got;
  if (!connection->isWaiting) takeFrames(connection);
  return true;
}

/** Gives fetches that wait another try, after an append or when their time is over. */
static void wakeWaiting(void) {
  uint64_t now = monotonicNs();
  for (Connection *each = connections.next; each != &connections; each = each->next) {
    if (each->isWaiting && (hasAppended || now >= each->waitsUntil)) takeFrames(each);
  }
  hasAppended = false;
}

/** What was received is on its way to the file before it is answered. */
static void turn(const struct epoll_event *happened, int count) {
  for (int i = 0; i < count; i++) {
    Connection *connection = happened[i].data.ptr;
    if (connection == NULL) acceptOne();
    else if ((happened[i].events & ~(uint32_t)EPOLLOUT) != 0 && !readIn(connection)) {
      closeConnection(connection);
    }
  }
  writeDirty();
  wakeWaiting();
  for (Connection *each = connections.next, *next; each != &connections; each = next) {
    next = each->next;
    if ((each->out.length > 0 || each->regionCount > 0) && !sendOut(each)) closeConnection(each);
  }
}

static void listenOn(int wanted) {
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)wanted),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1024) != 0) {
    fail("cannot listen on port %d: %s", wanted, strerror(errno));
  }
  getsockname(listener, (struct sockaddr *)&address, &length);
  port = ntohs(address.sin_port);
}

int main(int count, char **arguments) {
  static const struct option known[] = {
      {"port", 1, 0, 'p'}, {"partitions", 1, 0, 'P'}, {"dir", 1, 0, 'd'}, {0, 0, 0, 0}};
  int wanted = 0;
  for (int letter; (letter = getopt_long(count, arguments, "", known, NULL)) != -1;) {
    if (letter == 'p') wanted = (int)numberOf("port", optarg, 0);
    else if (letter == 'P') partitionsPerTopic = (int)numberOf("partitions", optarg, 1);
    else if (letter == 'd') directory = optarg;
    else fail("the options stand at the head of bench/peers/sink.c");
  }
  struct sigaction action = {.sa_handler = onSignal};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  listenOn(wanted);
  events = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(events, EPOLL_CTL_ADD, listener, &event);
  printf("listening %d\n", port);
  fflush(stdout);
  while (!isEnding) {
    struct epoll_event happened[MOST_EVENTS];
    int got = epoll_wait(events, happened, MOST_EVENTS, 50);
    turn(happened, got > 0 ? got : 0);
  }
  return 0;
}
