// The options of frames.c, read from the command line and checked; the table of them stands there.
#ifndef BENCH_FRAMES_OPTIONS_H
#define BENCH_FRAMES_OPTIONS_H

#include <getopt.h>

#include "handshake.h"

typedef enum { MODE_PRODUCE, MODE_FETCH, MODE_METADATA } Mode;

static struct {
  const char *host, *what;
  Mode mode;
  int port, version, connections, inFlight, records, acks;
  bool isFlexible, isLz4, isCorrupt;
  int64_t requests, bytes, maxBytes, partitionMaxBytes, minBytes, maxWaitMs, timeoutSeconds;
  double seconds, rate;
  Topic topic;
} options = {.host = "127.0.0.1",
             .connections = 1,
             .inFlight = 1,
             .records = 1,
             .acks = 1,
             .bytes = 100,
             .maxBytes = 52428800,
             .partitionMaxBytes = 1048576,
             .minBytes = 1,
             .maxWaitMs = 500,
             .timeoutSeconds = 30,
             .topic = {.name = "frames", .partitions = 1}};

static void readOption(int letter, const char *name, const char *text) {
  switch (letter) {
    case 'h': options.host = text; break;
    case 'p': options.port = (int)numberOf(name, text, 1); break;
    case 'w': options.what = text; break;
    case 't': options.topic.name = text; break;
    case 'P': options.topic.partitions = (int)numberOf(name, text, 1); break;
    case 'g':
      if (strchr(text, '=') == NULL) fail("--topic-config is key=value, not '%s'", text);
      if (options.topic.configCount == 16) fail("--topic-config can be given 16 times");
      options.topic.configs[options.topic.configCount++] = text;
      break;
    case 'c': options.connections = (int)numberOf(name, text, 1); break;
    case 'f': options.inFlight = (int)numberOf(name, text, 1); break;
    case 'n': options.requests = numberOf(name, text, 1); break;
    case 's': options.seconds = (double)numberOf(name, text, 1); break;
    case 'R': options.rate = (double)numberOf(name, text, 1); break;
    case 'b': options.bytes = numberOf(name, text, 0); break;
    case 'r': options.records = (int)numberOf(name, text, 1); break;
    case 'a': options.acks = (int)numberOf(name, text, -1); break;
    case 'z':
      if (strcmp(text, "lz4") != 0 && strcmp(text, "none") != 0) fail("--codec is none or lz4");
      options.isLz4 = strcmp(text, "lz4") == 0;
      break;
    case 'm': options.maxBytes = numberOf(name, text, 1); break;
    case 'M': options.partitionMaxBytes = numberOf(name, text, 1); break;
    case 'l': options.minBytes = numberOf(name, text, 0); break;
    case 'x': options.maxWaitMs = numberOf(name, text, 0); break;
    case 'X': options.isCorrupt = true; break;
    case 'T': options.timeoutSeconds = numberOf(name, text, 1); break;
    default: fail("the options stand at the head of bench/load/frames.c");
  }
}

static void readOptions(int count, char **arguments) {
  static const struct option known[] = {
      {"host", 1, 0, 'h'},        {"port", 1, 0, 'p'},           {"what", 1, 0, 'w'},
      {"topic", 1, 0, 't'},       {"partitions", 1, 0, 'P'},     {"topic-config", 1, 0, 'g'},
      {"connections", 1, 0, 'c'}, {"in-flight", 1, 0, 'f'},      {"requests", 1, 0, 'n'},
      {"seconds", 1, 0, 's'},     {"rate", 1, 0, 'R'},           {"bytes", 1, 0, 'b'},
      {"records", 1, 0, 'r'},     {"acks", 1, 0, 'a'},           {"codec", 1, 0, 'z'},
      {"max-bytes", 1, 0, 'm'},   {"partition-max-bytes", 1, 0, 'M'}, {"min-bytes", 1, 0, 'l'},
      {"max-wait", 1, 0, 'x'},    {"timeout", 1, 0, 'T'},        {"corrupt", 0, 0, 'X'},
      {0, 0, 0, 0}};
  const char *mode = count > 1 ? arguments[1] : "";
  if (strcmp(mode, "produce") == 0) options.mode = MODE_PRODUCE;
  else if (strcmp(mode, "fetch") == 0) options.mode = MODE_FETCH;
  else if (strcmp(mode, "metadata") == 0) options.mode = MODE_METADATA;
  else fail("usage: frames produce|fetch|metadata --port P [options]");
  for (int letter, index = 0;
       (letter = getopt_long(count - 1, arguments + 1, "", known, &index)) != -1;) {
    readOption(letter, known[index].name, optarg);
  }
  if (options.port == 0) fail("--port is missing");
  if (options.acks > 1) fail("--acks is 0, 1 or -1");
  if (options.mode == MODE_FETCH) options.inFlight = 1;
  else if (options.requests == 0 && options.seconds == 0) fail("--requests or --seconds is missing");
  if (options.mode != MODE_PRODUCE) options.acks = 1;
  // In an open loop nothing that was due may be left out, however late it leaves.
  if (options.rate > 0 && options.requests == 0) {
    if (options.seconds == 0) fail("--rate needs --requests or --seconds");
    options.requests = (int64_t)(options.rate * options.seconds);
  }
  if (options.rate > 0 && options.requests < options.connections) {
    fail("%d connections for %lld requests", options.connections, (long long)options.requests);
  }
}

#endif
