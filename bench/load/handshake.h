// What comes before the load, on a blocking connection: connect, the versions both sides speak, the
// topic with its partitions, and a leader for each of them. Every failure ends the program.
#ifndef BENCH_HANDSHAKE_H
#define BENCH_HANDSHAKE_H

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "result.h"
#include "wire.h"

enum { TOPIC_ALREADY_EXISTS = 36, MOST_KEYS = 128 };

typedef struct {
  int fd;
  int32_t correlationId;
  /** The newest version of each key that the server speaks, -1 for none. */
  int newest[MOST_KEYS];
  Bytes request, response;
} Handshake;

static inline int connectTo(const char *host, int port) {
  char service[16];
  snprintf(service, sizeof service, "%d", port);
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
  int failed = getaddrinfo(host, service, &hints, &found);
  if (failed != 0) fail("no address for %s: %s", host, gai_strerror(failed));
  int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("cannot make a socket: %s", strerror(errno));
  if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
    fail("cannot connect to %s:%d: %s", host, port, strerror(errno));
  }
  freeaddrinfo(found);
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static inline void receiveWhole(int fd, uint8_t *into, size_t length) {
  while (length > 0) {
    ssize_t got = recv(fd, into, length, 0);
    if (got == 0) fail("the server closed the connection before it answered");
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("no answer from the server: %s", strerror(errno));
    into += got;
    length -= (size_t)got;
  }
}

/** Sends the frame in `request` and returns a reader of the answer, past its classic header. */
static inline Reader ask(Handshake *shake) {
  endFrame(&shake->request);
  setBig32(shake->request.at + CORRELATION_AT, (uint32_t)++shake->correlationId);
  for (size_t sent = 0; sent < shake->request.length;) {
    ssize_t wrote = send(shake->fd, shake->request.at + sent, shake->request.length - sent, 0);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) fail("cannot send to the server: %s", strerror(errno));
    sent += (size_t)wrote;
  }
  uint8_t head[4];
  receiveWhole(shake->fd, head, 4);
  Reader length = {head, head + 4, false};
  int32_t size = get32(&length);
  if (size < 4 || size > 1 << 30) fail("the server answered with a frame of %d bytes", size);
  shake->response.length = 0;
  makeRoom(&shake->response, (size_t)size);
  receiveWhole(shake->fd, shake->response.at, (size_t)size);
  Reader reader = {shake->response.at, shake->response.at + size, false};
  int32_t answered = get32(&reader);
  if (answered != shake->correlationId) {
    fail("answer %d where %d was asked", answered, shake->correlationId);
  }
  return reader;
}

static inline void askVersions(Handshake *shake) {
  for (int key = 0; key < MOST_KEYS; key++) shake->newest[key] = -1;
  startFrame(&shake->request, API_VERSIONS, 0, false);
  Reader reader = ask(shake);
  int16_t error = get16(&reader);
  if (error != 0) fail("ApiVersions was answered with error %d", error);
  for (int32_t left = get32(&reader); left > 0 && !reader.isShort; left--) {
    int16_t key = get16(&reader);
    get16(&reader);
    int16_t newest = get16(&reader);
    if (key >= 0 && key < MOST_KEYS) shake->newest[key] = newest;
  }
  if (reader.isShort) fail("the answer to ApiVersions ends too early");
}

/** The newest version of both; ends the program where there is none from `oldest` on. */
static inline int versionOf(const Handshake *shake, int key, int oldest, int newest) {
  int version = shake->newest[key] < newest ? shake->newest[key] : newest;
  if (version < oldest) fail("the server speaks no version from %d on of API %d", oldest, key);
  return version;
}

typedef struct {
  const char *name;
  int partitions;
  /** Topic settings as key=value. */
  const char *configs[16];
  int configCount;
} Topic;

static inline void createTopic(Handshake *shake, const Topic *topic) {
  Bytes *request = &shake->request;
  startFrame(request, CREATE_TOPICS, 4, false);
  put32(request, 1);
  putString(request, false, topic->name);
  put32(request, topic->partitions);
  put16(request, 1);
  put32(request, 0);
  put32(request, topic->configCount);
  for (int i = 0; i < topic->configCount; i++) {
    const char *equals = strchr(topic->configs[i], '=');
    size_t length = (size_t)(equals - topic->configs[i]);
    put16(request, length);
    putRaw(request, topic->configs[i], length);
    putString(request, false, equals + 1);
  }
  put32(request, 30000);
  put8(request, 0);
  Reader reader = ask(shake);
  get32(&reader);
  get32(&reader);
  skipString(&reader, false);
  int16_t error = get16(&reader);
  if (reader.isShort) fail("the answer to CreateTopics ends too early");
  if (error != 0 && error != TOPIC_ALREADY_EXISTS) {
    fail("topic %s cannot be created: error %d", topic->name, error);
  }
}

/** How many partitions of the topic have a leader; creates it where the server does so by itself. */
static inline int countLeaders(Handshake *shake, const char *topic, int version) {
  startFrame(&shake->request, METADATA, version, false);
  put32(&shake->request, 1);
  putString(&shake->request, false, topic);
  if (version >= 4) put8(&shake->request, 1);
  Reader reader = ask(shake);
  if (version >= 3) get32(&reader);
  for (int32_t left = get32(&reader); left > 0 && !reader.isShort; left--) {
    get32(&reader);
    skipString(&reader, false);
    get32(&reader);
    skipString(&reader, false);
  }
  if (version >= 2) skipString(&reader, false);
  get32(&reader);
  get32(&reader);
  int16_t error = get16(&reader);
  skipString(&reader, false);
  get8(&reader);
  int leaders = 0;
  for (int32_t left = get32(&reader); left > 0 && !reader.isShort; left--) {
    error |= get16(&reader);
    get32(&reader);
    if (get32(&reader) >= 0) leaders++;
    getRaw(&reader, 4 * (int64_t)get32(&reader));
    getRaw(&reader, 4 * (int64_t)get32(&reader));
  }
  if (reader.isShort) fail("the answer to Metadata ends too early");
  return error == 0 ? leaders : 0;
}

/** Makes the topic and waits, 20 s at most, until each of its partitions can be written. */
static inline void prepareTopic(Handshake *shake, Topic *topic) {
  int version = versionOf(shake, METADATA, 1, 4);
  if (shake->newest[CREATE_TOPICS] >= 4) createTopic(shake, topic);
  uint64_t deadline = monotonicNs() + 20000000000u;
  for (int leaders = 0;;) {
    leaders = countLeaders(shake, topic->name, version);
    if (leaders >= topic->partitions) break;
    if (monotonicNs() > deadline) {
      fail("%d of the %d partitions of %s have a leader", leaders, topic->partitions, topic->name);
    }
    usleep(5000);
  }
}

static inline Handshake startHandshake(const char *host, int port) {
  Handshake shake = {.fd = connectTo(host, port)};
  struct timeval patience = {.tv_sec = 20};
  setsockopt(shake.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  askVersions(&shake);
  return shake;
}

#endif
