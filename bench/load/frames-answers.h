// How frames.c judges an answer: every error code in it is counted, and a fetch moves on.
#ifndef BENCH_FRAMES_ANSWERS_H
#define BENCH_FRAMES_ANSWERS_H

#include "frames-requests.h"

/** For an answer that cannot be what was asked for: Kafka's own CORRUPT_MESSAGE. */
enum { CORRUPT_ANSWER = 2 };

static Result result;
static Bytes firstMetadata;

static void checkProduced(Reader *reader) {
  bool flexible = options.isFlexible;
  skipTags(reader, flexible);
  int64_t topics = getCount(reader, flexible);
  skipString(reader, flexible);
  int64_t partitions = getCount(reader, flexible);
  get32(reader);
  int16_t error = get16(reader);
  if (topics != 1 || partitions != 1 || reader->isShort) error = CORRUPT_ANSWER;
  if (error != 0) {
    addErrors(&result, error, 1);
    return;
  }
  result.records += (uint64_t)options.records;
  result.bytes += batch.length;
}

/** Compared with the first answer, byte by byte; only a different one is walked. */
static void checkMetadata(Reader *reader) {
  size_t length = (size_t)(reader->end - reader->at);
  result.bytes += length;
  if (length == firstMetadata.length && memcmp(reader->at, firstMetadata.at, length) == 0) return;
  if (firstMetadata.length == 0) putRaw(&firstMetadata, reader->at, length);
  bool flexible = options.isFlexible;
  skipTags(reader, flexible);
  get32(reader);
  for (int64_t left = getCount(reader, flexible); left > 0 && !reader->isShort; left--) {
    get32(reader);
    skipString(reader, flexible);
    get32(reader);
    skipString(reader, flexible);
    skipTags(reader, flexible);
  }
  skipString(reader, flexible);
  get32(reader);
  for (int64_t left = getCount(reader, flexible); left > 0 && !reader->isShort; left--) {
    int16_t error = get16(reader);
    if (error != 0) addErrors(&result, error, 1);
    skipString(reader, flexible);
    get8(reader);
    for (int64_t more = getCount(reader, flexible); more > 0 && !reader->isShort; more--) {
      error = get16(reader);
      if (error != 0) addErrors(&result, error, 1);
      getRaw(reader, 8);
      if (options.version >= 7) get32(reader);
      for (int i = 0; i < (options.version >= 5 ? 3 : 2); i++) {
        getRaw(reader, 4 * getCount(reader, flexible));
      }
      skipTags(reader, flexible);
    }
    if (options.version >= 8) get32(reader);
    skipTags(reader, flexible);
  }
  if (reader->isShort) addErrors(&result, CORRUPT_ANSWER, 1);
}

/** Steps over whole batches; the last may be cut. Returns the offset after them. */
static int64_t discardBatches(const uint8_t *at, int64_t length, int64_t offset) {
  while (length >= 61) {
    Reader head = {at, at + 61, false};
    int64_t base = get64(&head);
    int64_t size = 12 + (int64_t)get32(&head);
    if (size > length) break;
    head.at = at + 23;
    int32_t lastDelta = get32(&head);
    head.at = at + 57;
    // The first batch may begin before the offset that was asked for; all of it is counted.
    result.records += (uint64_t)get32(&head);
    result.bytes += (uint64_t)size;
    offset = base + lastDelta + 1;
    at += size;
    length -= size;
  }
  return offset;
}

static void takePartition(Reader *reader, Connection *connection) {
  bool flexible = options.isFlexible;
  int32_t index = get32(reader);
  int16_t error = get16(reader);
  int64_t highWatermark = get64(reader);
  getRaw(reader, 16);
  for (int64_t left = getCount(reader, flexible); left > 0 && !reader->isShort; left--) {
    getRaw(reader, 16);
    skipTags(reader, flexible);
  }
  get32(reader);
  int64_t length = getCount(reader, flexible);
  const uint8_t *batches = getRaw(reader, length);
  skipTags(reader, flexible);
  if (reader->isShort || index < 0 || index >= options.topic.partitions) error = CORRUPT_ANSWER;
  if (error != 0) {
    addErrors(&result, error, 1);
    return;
  }
  if (connection->ends[index] < 0) connection->ends[index] = highWatermark;
  connection->offsets[index] = discardBatches(batches, length, connection->offsets[index]);
  if (connection->offsets[index] > connection->ends[index]) {
    connection->offsets[index] = connection->ends[index];
  }
}

static void checkFetched(Reader *reader, Connection *connection) {
  bool flexible = options.isFlexible;
  uint64_t errors = result.errors;
  skipTags(reader, flexible);
  get32(reader);
  int16_t error = get16(reader);
  if (error != 0) addErrors(&result, error, 1);
  get32(reader);
  for (int64_t topics = getCount(reader, flexible); topics > 0 && !reader->isShort; topics--) {
    skipString(reader, flexible);
    for (int64_t left = getCount(reader, flexible); left > 0 && !reader->isShort; left--) {
      takePartition(reader, connection);
    }
    skipTags(reader, flexible);
  }
  bool isAtEnd = true;
  for (int i = 0; i < options.topic.partitions; i++) {
    isAtEnd = isAtEnd && connection->offsets[i] == connection->ends[i];
  }
  // After an error there is no offset to go on from.
  if (result.errors != errors) connection->due = connection->made;
  else if (!isAtEnd) return;
  else if (options.requests == 0 && options.seconds == 0) connection->due = connection->made;
  else memset(connection->offsets, 0, sizeof(int64_t) * (size_t)options.topic.partitions);
}

#endif
