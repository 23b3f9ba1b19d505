// What frames.c keeps of a connection, and the bytes it sends: everything that does not change from
// request to request is made once.
#ifndef BENCH_FRAMES_REQUESTS_H
#define BENCH_FRAMES_REQUESTS_H

#include <lz4frame.h>

#include "frames-options.h"

/** One request on its way: its own head, the batch that all share, the end that all share. */
typedef struct {
  Bytes head;
  uint64_t startNs;
} Slot;

typedef struct {
  int fd;
  /** Requests made ready, handed to the kernel whole, answered. */
  int64_t made, written, answered;
  /** Open loop: requests whose time has come. Closed loop: requests this connection may make. */
  int64_t due;
  size_t writtenBytes;
  bool wantsToWrite, isEnding, isDone;
  Slot *slots;
  Bytes in;
  /** Bytes of a begun answer that have not come. */
  size_t missing;
  /** Fetch: where each partition is, and its end at the first answer (-1 before that). */
  int64_t *offsets, *ends;
} Connection;

/** Of every produce request: the batch, and the tags after it. */
static Bytes batch, trailer;
/** Where the partition stands in the head of a produce request. */
static size_t partitionAt;

static void makeBatch(void) {
  Bytes plain = {0}, packed = {0};
  putRecords(&plain, options.records, (size_t)options.bytes);
  if (options.isLz4) {
    LZ4F_preferences_t preferences = {.frameInfo = {.blockMode = LZ4F_blockIndependent}};
    makeRoom(&packed, LZ4F_compressFrameBound(plain.length, &preferences));
    packed.length = LZ4F_compressFrame(packed.at, packed.room, plain.at, plain.length, &preferences);
    if (LZ4F_isError(packed.length)) fail("lz4: %s", LZ4F_getErrorName(packed.length));
  }
  const Bytes *records = options.isLz4 ? &packed : &plain;
  putBatch(&batch, records, options.records, options.isLz4 ? 3 : 0, wallClockMs());
  if (options.isCorrupt) batch.at[batch.length - 1] ^= 1;
  putTags(&trailer, options.isFlexible);
  putTags(&trailer, options.isFlexible);
  putTags(&trailer, options.isFlexible);
}

static void makeProduceHead(Bytes *head) {
  bool flexible = options.isFlexible;
  startFrame(head, PRODUCE, options.version, flexible);
  putNullString(head, flexible);
  put16(head, options.acks);
  put32(head, 30000);
  putCount(head, flexible, 1);
  putString(head, flexible, options.topic.name);
  putCount(head, flexible, 1);
  partitionAt = head->length;
  put32(head, 0);
  putCount(head, flexible, batch.length);
  setBig32(head->at, head->length + batch.length + trailer.length - 4);
}

static void makeMetadata(Bytes *head, bool ofAllTopics) {
  bool flexible = options.isFlexible;
  startFrame(head, METADATA, options.version, flexible);
  if (ofAllTopics) putBig(head, flexible ? 0 : 0xffffffff, flexible ? 1 : 4);
  else putCount(head, flexible, 0);
  put8(head, 0);
  if (options.version >= 8) put16(head, 0);
  putTags(head, flexible);
  endFrame(head);
}

static void makeFetch(Bytes *head, const Connection *connection) {
  bool flexible = options.isFlexible;
  int wanted = 0;
  for (int i = 0; i < options.topic.partitions; i++) {
    wanted += connection->offsets[i] != connection->ends[i];
  }
  startFrame(head, FETCH, options.version, flexible);
  put32(head, (uint32_t)-1);
  put32(head, options.maxWaitMs);
  put32(head, options.minBytes);
  put32(head, options.maxBytes);
  put8(head, 0);
  put32(head, 0);
  put32(head, (uint32_t)-1);
  putCount(head, flexible, 1);
  putString(head, flexible, options.topic.name);
  putCount(head, flexible, wanted);
  for (int i = 0; i < options.topic.partitions; i++) {
    if (connection->offsets[i] == connection->ends[i]) continue;
    put32(head, i);
    put32(head, (uint32_t)-1);
    put64(head, connection->offsets[i]);
    if (flexible) put32(head, (uint32_t)-1);
    put64(head, (uint64_t)-1);
    put32(head, options.partitionMaxBytes);
    putTags(head, flexible);
  }
  putTags(head, flexible);
  putCount(head, flexible, 0);
  putString(head, flexible, "");
  putTags(head, flexible);
  endFrame(head);
}

/** acks=0 has no answers but the one that ends it: this Metadata, of no topic. */
static void makeLastRequest(Bytes *head) {
  startFrame(head, METADATA, 1, false);
  put32(head, 0);
  endFrame(head);
}

#endif
