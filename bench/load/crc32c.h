// CRC-32C of a range of bytes: the processor's instruction where there is one, a table otherwise.
#ifndef BENCH_CRC32C_H
#define BENCH_CRC32C_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static uint32_t crc32cTable[256];

static inline uint32_t crc32cByTable(uint32_t crc, const uint8_t *at, size_t length) {
  if (crc32cTable[1] == 0) {
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);
      crc32cTable[i] = value;
    }
  }
  for (; length > 0; length--) crc = crc32cTable[(crc ^ *at++) & 0xff] ^ (crc >> 8);
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static inline uint32_t crc32cByInstruction(
    uint32_t crc, const uint8_t *at, size_t length) {
  uint64_t wide = crc;
  for (; length >= 8; length -= 8, at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  crc = (uint32_t)wide;
  for (; length > 0; length--) crc = __builtin_ia32_crc32qi(crc, *at++);
  return crc;
}
#endif

static inline uint32_t crc32c(const uint8_t *at, size_t length) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return ~crc32cByInstruction(~0u, at, length);
#endif
  return ~crc32cByTable(~0u, at, length);
}

#endif
