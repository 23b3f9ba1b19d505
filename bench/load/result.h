// What a load program prints, and how it fails: latencies in a histogram whose buckets grow with the
// value (error below 1 %), one JSON object on stdout, one sentence on stderr.
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

__attribute__((format(printf, 1, 2), noreturn)) static inline void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fputc('\n', stderr);
  exit(1);
}

static inline uint64_t monotonicNs(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline int64_t wallClockMs(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/** User and system time of this process, all threads. */
static inline double ownCpuSeconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

enum { SUB_BITS = 7, SUB_COUNT = 1 << SUB_BITS, BUCKETS = (64 - SUB_BITS + 1) * SUB_COUNT };

typedef struct {
  uint64_t counts[BUCKETS];
  uint64_t total, greatest;
} Histogram;

static inline void recordNs(Histogram *histogram, uint64_t ns) {
  int shift = 63 - SUB_BITS - __builtin_clzll(ns | SUB_COUNT);
  uint64_t bucket = ((uint64_t)shift << SUB_BITS) + (ns >> shift);
  histogram->counts[bucket]++;
  histogram->total++;
  if (ns > histogram->greatest) histogram->greatest = ns;
}

static inline void addHistogram(Histogram *sum, const Histogram *more) {
  for (int i = 0; i < BUCKETS; i++) sum->counts[i] += more->counts[i];
  sum->total += more->total;
  if (more->greatest > sum->greatest) sum->greatest = more->greatest;
}

/** The upper end of the bucket in which that share of all values is reached, in microseconds. */
static inline double quantileUs(const Histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)(share * (double)histogram->total + 0.999999);
  uint64_t seen = 0;
  for (uint64_t bucket = 0; bucket < BUCKETS; bucket++) {
    seen += histogram->counts[bucket];
    if (seen < wanted || seen == 0) continue;
    uint64_t shift = bucket < SUB_COUNT ? 0 : (bucket >> SUB_BITS) - 1;
    uint64_t top = ((bucket - (shift << SUB_BITS) + 1) << shift) - 1;
    return (double)(top < histogram->greatest ? top : histogram->greatest) / 1e3;
  }
  return 0;
}

typedef struct {
  const char *what;
  uint64_t requests, records, bytes, errors;
  double seconds;
  /** The CPU that was spent before the clock started. */
  double cpuBefore;
  Histogram latency;
  /** By code, moved up by FIRST_CODE: Kafka has one negative code, librdkafka some sixty. */
  uint64_t errorsByCode[512];
} Result;

enum { FIRST_CODE = 256 };

static inline void addErrors(Result *result, int code, uint64_t count) {
  result->errors += count;
  result->errorsByCode[(code + FIRST_CODE) & 511] += count;
}

/** Prints the object; `more` is text of further fields, each with a comma before it. */
static inline void printResult(const Result *result, const char *more) {
  double seconds = result->seconds > 0 ? result->seconds : 1e-9;
  printf("{\"what\":\"%s\",\"requests\":%llu,\"records\":%llu,\"bytes\":%llu,\"seconds\":%.6f,",
         result->what, (unsigned long long)result->requests, (unsigned long long)result->records,
         (unsigned long long)result->bytes, result->seconds);
  printf("\"requestsPerSecond\":%.1f,\"recordsPerSecond\":%.1f,\"megabytesPerSecond\":%.3f,",
         (double)result->requests / seconds, (double)result->records / seconds,
         (double)result->bytes / 1e6 / seconds);
  printf("\"p50Us\":%.1f,\"p99Us\":%.1f,\"p999Us\":%.1f,\"maxUs\":%.1f,\"cpuSeconds\":%.4f,",
         quantileUs(&result->latency, 0.5), quantileUs(&result->latency, 0.99),
         quantileUs(&result->latency, 0.999), (double)result->latency.greatest / 1e3,
         ownCpuSeconds() - result->cpuBefore);
  printf("\"errors\":%llu,\"errorsByCode\":{", (unsigned long long)result->errors);
  const char *comma = "";
  for (int i = 0; i < 512; i++) {
    if (result->errorsByCode[i] == 0) continue;
    printf("%s\"%d\":%llu", comma, i - FIRST_CODE, (unsigned long long)result->errorsByCode[i]);
    comma = ",";
  }
  printf("}%s}\n", more);
}

/** A whole number of an option, at least `least`. */
static inline int64_t numberOf(const char *option, const char *text, int64_t least) {
  char *end;
  long long value = strtoll(text, &end, 10);
  if (*text == 0 || *end != 0) fail("--%s is a whole number, not '%s'", option, text);
  if (value < least) fail("--%s is at least %lld, not %s", option, (long long)least, text);
  return value;
}

#endif
