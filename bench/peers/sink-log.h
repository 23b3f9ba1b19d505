// The partitions of the sink: a nameless file each, batches appended to it through a small buffer, and
// an index of every batch in memory. Knows nothing of requests.
#ifndef BENCH_SINK_LOG_H
#define BENCH_SINK_LOG_H

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#include "../load/result.h"
#include "../load/wire.h"

enum { BUFFER_BYTES = 256 << 10, DIRECT_BYTES = 32 << 10, MOST_TOPICS = 256 };

typedef struct {
  int64_t offset, position;
} Entry;

typedef struct {
  int fd;
  bool isDirty;
  int64_t nextOffset, written;
  /** Appended and not yet written. */
  Bytes pending;
  Entry *entries;
  size_t entryCount, entryRoom;
} Partition;

typedef struct {
  char name[250];
  Partition *partitions;
} Topic;

static Topic topics[MOST_TOPICS];
static int topicCount, partitionsPerTopic = 12;
static const char *directory = "/tmp";
static Partition **dirty;
static size_t dirtyCount, dirtyRoom;

static Topic *findTopic(const uint8_t *name, size_t length, bool mayMake) {
  if (length >= sizeof topics[0].name) return NULL;
  for (int i = 0; i < topicCount; i++) {
    if (strlen(topics[i].name) == length && memcmp(topics[i].name, name, length) == 0) {
      return &topics[i];
    }
  }
  if (!mayMake) return NULL;
  if (topicCount == MOST_TOPICS) fail("the sink holds %d topics", MOST_TOPICS);
  Topic *topic = &topics[topicCount++];
  memcpy(topic->name, name, length);
  topic->partitions = calloc((size_t)partitionsPerTopic, sizeof(Partition));
  for (int i = 0; i < partitionsPerTopic; i++) topic->partitions[i].fd = -1;
  return topic;
}

/** Opened at the first append; without a name it goes with the process, however that ends. */
static void openFile(Partition *partition) {
  char name[300];
  snprintf(name, sizeof name, "%s/sink-XXXXXX", directory);
  partition->fd = mkstemp(name);
  if (partition->fd < 0) fail("cannot make %s: %s", name, strerror(errno));
  unlink(name);
}

static void writeWhole(Partition *partition, const uint8_t *at, size_t length) {
  while (length > 0) {
    ssize_t wrote = pwrite(partition->fd, at, length, partition->written);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) fail("cannot write: %s", strerror(errno));
    at += wrote;
    length -= (size_t)wrote;
    partition->written += wrote;
  }
}

static void writePending(Partition *partition) {
  writeWhole(partition, partition->pending.at, partition->pending.length);
  partition->pending.length = 0;
}

/** Everything appended in this turn of the loop: one write for each partition. */
static void writeDirty(void) {
  for (size_t i = 0; i < dirtyCount; i++) {
    writePending(dirty[i]);
    dirty[i]->isDirty = false;
  }
  dirtyCount = 0;
}

static void markDirty(Partition *partition) {
  if (partition->isDirty) return;
  partition->isDirty = true;
  if (dirtyCount == dirtyRoom) {
    dirtyRoom = dirtyRoom * 2 + 16;
    dirty = realloc(dirty, dirtyRoom * sizeof *dirty);
  }
  dirty[dirtyCount++] = partition;
}

/** Checks one batch, gives it its offset and takes it; returns Kafka's error code. */
static int16_t append(Partition *partition, uint8_t *batch, size_t length, int64_t *baseOffset) {
  Reader head = {batch, batch + length, false};
  get64(&head);
  if (length < 61 || get32(&head) != (int32_t)length - 12 || batch[16] != 2) return 2;
  Reader crc = {batch + 17, batch + 21, false};
  if ((uint32_t)get32(&crc) != crc32c(batch + 21, length - 21)) return 2;
  Reader count = {batch + 57, batch + 61, false};
  if (partition->fd < 0) openFile(partition);
  *baseOffset = partition->nextOffset;
  uint64_t swapped = __builtin_bswap64((uint64_t)*baseOffset);
  memcpy(batch, &swapped, 8);
  setBig32(batch + 12, 0);
  if (partition->entryCount == partition->entryRoom) {
    partition->entryRoom = partition->entryRoom * 2 + 1024;
    partition->entries = realloc(partition->entries, partition->entryRoom * sizeof(Entry));
  }
  int64_t position = partition->written + (int64_t)partition->pending.length;
  partition->entries[partition->entryCount++] = (Entry){*baseOffset, position};
  partition->nextOffset += get32(&count);
  if (length >= DIRECT_BYTES || partition->pending.length + length > BUFFER_BYTES) {
    writePending(partition);
  }
  if (length >= DIRECT_BYTES) {
    writeWhole(partition, batch, length);
  } else {
    putRaw(&partition->pending, batch, length);
    markDirty(partition);
  }
  return 0;
}

/** Where whole batches from `offset` on stand, at most `most` bytes but one batch at least. */
static int64_t findRange(const Partition *partition, int64_t offset, int64_t most, int64_t *from) {
  size_t low = 0, high = partition->entryCount;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (partition->entries[middle].offset <= offset) low = middle;
    else high = middle;
  }
  *from = partition->entries[low].position;
  size_t last = low + 1, beyond = partition->entryCount;
  while (last < beyond) {
    size_t middle = (last + beyond + 1) / 2;
    int64_t end = middle == partition->entryCount ? partition->written
                                                  : partition->entries[middle].position;
    if (end - *from <= most) last = middle;
    else beyond = middle - 1;
  }
  int64_t end = last == partition->entryCount ? partition->written
                                              : partition->entries[last].position;
  return end - *from;
}

#endif
