// Bytes of Kafka's protocol in C: a growing writer, a reader that cannot run over, request headers,
// and one record batch of N records. Knows no sockets.
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"

enum { PRODUCE = 0, FETCH = 1, METADATA = 3, API_VERSIONS = 18, CREATE_TOPICS = 19 };

typedef struct {
  uint8_t *at;
  size_t length, room;
} Bytes;

static inline void makeRoom(Bytes *bytes, size_t more) {
  if (bytes->length + more <= bytes->room) return;
  bytes->room = (bytes->length + more) * 2;
  bytes->at = realloc(bytes->at, bytes->room);
  if (bytes->at == NULL) abort();
}

static inline void putRaw(Bytes *bytes, const void *from, size_t length) {
  makeRoom(bytes, length);
  memcpy(bytes->at + bytes->length, from, length);
  bytes->length += length;
}

static inline void putBig(Bytes *bytes, uint64_t value, int width) {
  makeRoom(bytes, 8);
  for (int i = width - 1; i >= 0; i--) bytes->at[bytes->length++] = (uint8_t)(value >> (8 * i));
}

static inline void put8(Bytes *bytes, uint64_t value) { putBig(bytes, value, 1); }
static inline void put16(Bytes *bytes, uint64_t value) { putBig(bytes, value, 2); }
static inline void put32(Bytes *bytes, uint64_t value) { putBig(bytes, value, 4); }
static inline void put64(Bytes *bytes, uint64_t value) { putBig(bytes, value, 8); }

static inline void putUvarint(Bytes *bytes, uint64_t value) {
  for (; value > 0x7f; value >>= 7) put8(bytes, value | 0x80);
  put8(bytes, value);
}

static inline void putVarint(Bytes *bytes, int64_t value) {
  putUvarint(bytes, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

/** The element count of an array, or the length of bytes: compact in flexible versions. */
static inline void putCount(Bytes *bytes, bool isFlexible, uint64_t count) {
  if (isFlexible) putUvarint(bytes, count + 1);
  else put32(bytes, count);
}

static inline void putString(Bytes *bytes, bool isFlexible, const char *text) {
  size_t length = strlen(text);
  if (isFlexible) putUvarint(bytes, length + 1);
  else put16(bytes, length);
  putRaw(bytes, text, length);
}

static inline void putNullString(Bytes *bytes, bool isFlexible) {
  if (isFlexible) put8(bytes, 0);
  else put16(bytes, 0xffff);
}

static inline void putTags(Bytes *bytes, bool isFlexible) {
  if (isFlexible) put8(bytes, 0);
}

static inline void setBig32(uint8_t *at, uint32_t value) {
  value = __builtin_bswap32(value);
  memcpy(at, &value, 4);
}

/** Where the correlation id stands in a frame that starts with its length. */
enum { CORRELATION_AT = 8 };

/** Starts a frame: a length to be set by `endFrame`, then the header. */
static inline void startFrame(Bytes *bytes, int key, int version, bool isFlexible) {
  bytes->length = 0;
  put32(bytes, 0);
  put16(bytes, key);
  put16(bytes, version);
  put32(bytes, 0);
  putString(bytes, false, "bench");
  putTags(bytes, isFlexible);
}

static inline void endFrame(Bytes *bytes) { setBig32(bytes->at, bytes->length - 4); }

typedef struct {
  const uint8_t *at, *end;
  /** More was asked for than there is. */
  bool isShort;
} Reader;

static inline uint64_t getBig(Reader *reader, int width) {
  if (reader->end - reader->at < width) {
    reader->isShort = true;
    reader->at = reader->end;
    return 0;
  }
  uint64_t value = 0;
  for (int i = 0; i < width; i++) value = value << 8 | *reader->at++;
  return value;
}

static inline int8_t get8(Reader *reader) { return (int8_t)getBig(reader, 1); }
static inline int16_t get16(Reader *reader) { return (int16_t)getBig(reader, 2); }
static inline int32_t get32(Reader *reader) { return (int32_t)getBig(reader, 4); }
static inline int64_t get64(Reader *reader) { return (int64_t)getBig(reader, 8); }

static inline uint64_t getUvarint(Reader *reader) {
  uint64_t value = 0;
  for (int shift = 0; shift < 63; shift += 7) {
    uint64_t byte = getBig(reader, 1);
    value |= (byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  reader->isShort = true;
  return 0;
}

/** Steps over; false when that many bytes are not there. */
static inline const uint8_t *getRaw(Reader *reader, int64_t length) {
  if (length < 0) return reader->at;
  if (reader->end - reader->at < length) {
    reader->isShort = true;
    reader->at = reader->end;
    return reader->at;
  }
  const uint8_t *from = reader->at;
  reader->at += length;
  return from;
}

/** A count or a length of bytes; -1 is null. */
static inline int64_t getCount(Reader *reader, bool isFlexible) {
  return isFlexible ? (int64_t)getUvarint(reader) - 1 : get32(reader);
}

static inline void skipString(Reader *reader, bool isFlexible) {
  getRaw(reader, isFlexible ? (int64_t)getUvarint(reader) - 1 : get16(reader));
}

static inline void skipTags(Reader *reader, bool isFlexible) {
  if (!isFlexible) return;
  for (uint64_t left = getUvarint(reader); left > 0 && !reader->isShort; left--) {
    getUvarint(reader);
    getRaw(reader, (int64_t)getUvarint(reader));
  }
}

/** The half that is random does not compress, the other half does: about 2 to 1. */
static inline void fillHalfRandom(uint8_t *at, size_t length, uint64_t *seed) {
  for (size_t i = 0; i < length / 2; i++) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    at[i] = (uint8_t)(*seed >> 24);
  }
  memset(at + length / 2, 'x', length - length / 2);
}

/** The inner records of a batch: no key, a value of `size` bytes, no headers. */
static inline void putRecords(Bytes *bytes, int count, size_t size) {
  uint64_t seed = 0x9e3779b97f4a7c15u;
  uint8_t *value = malloc(size + 1);
  Bytes one = {0};
  for (int i = 0; i < count; i++) {
    fillHalfRandom(value, size, &seed);
    one.length = 0;
    put8(&one, 0);
    putVarint(&one, 0);
    putVarint(&one, i);
    putVarint(&one, -1);
    putVarint(&one, (int64_t)size);
    putRaw(&one, value, size);
    putVarint(&one, 0);
    putVarint(bytes, (int64_t)one.length);
    putRaw(bytes, one.at, one.length);
  }
  free(value);
  free(one.at);
}

/** A whole batch (magic 2) around `records`, which `attributes` says how are compressed. */
static inline void putBatch(Bytes *bytes, const Bytes *records, int count, int attributes, int64_t nowMs) {
  size_t from = bytes->length;
  put64(bytes, 0);
  put32(bytes, 49 + records->length);
  put32(bytes, (uint32_t)-1);
  put8(bytes, 2);
  put32(bytes, 0);
  size_t crcFrom = bytes->length;
  put16(bytes, attributes);
  put32(bytes, count - 1);
  put64(bytes, nowMs);
  put64(bytes, nowMs);
  put64(bytes, (uint64_t)-1);
  put16(bytes, 0xffff);
  put32(bytes, (uint32_t)-1);
  put32(bytes, count);
  putRaw(bytes, records->at, records->length);
  setBig32(bytes->at + from + 17, crc32c(bytes->at + crcFrom, bytes->length - crcFrom));
}

#endif
