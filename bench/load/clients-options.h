// The options of clients.c, read from the command line and checked; the table of them stands there.
#ifndef BENCH_CLIENTS_OPTIONS_H
#define BENCH_CLIENTS_OPTIONS_H

#include <getopt.h>
#include <librdkafka/rdkafka.h>

#include "handshake.h"

typedef enum { MODE_PRODUCE, MODE_CONSUME, MODE_LATENCY } Mode;

enum { MOST_SETTINGS = 32 };

static struct {
  const char *host, *what, *codec, *acks, *lingerMs, *batchBytes;
  Mode mode;
  int port, threads;
  bool isIdempotent, isFromEnd, isChecked;
  int64_t records, bytes, timeoutSeconds;
  double rate;
  Topic topic;
  const char *settings[MOST_SETTINGS];
  int settingCount;
} options = {.host = "127.0.0.1",
             .codec = "none",
             .acks = "1",
             .lingerMs = "5",
             .batchBytes = "1000000",
             .threads = 1,
             .bytes = 1000,
             .timeoutSeconds = 30,
             .topic = {.name = "clients", .partitions = 1}};

static const char *pairOf(const char *name, const char *text) {
  if (strchr(text, '=') == NULL) fail("--%s is key=value, not '%s'", name, text);
  return text;
}

static void readOption(int letter, const char *name, const char *text) {
  switch (letter) {
    case 'h': options.host = text; break;
    case 'p': options.port = (int)numberOf(name, text, 1); break;
    case 'w': options.what = text; break;
    case 't': options.topic.name = text; break;
    case 'P': options.topic.partitions = (int)numberOf(name, text, 1); break;
    case 'g':
      if (options.topic.configCount == 16) fail("--topic-config can be given 16 times");
      options.topic.configs[options.topic.configCount++] = pairOf(name, text);
      break;
    case 'n': options.records = numberOf(name, text, 1); break;
    case 'b': options.bytes = numberOf(name, text, 1); break;
    case 'z': options.codec = text; break;
    case 'a': options.acks = text; break;
    case 'l': options.lingerMs = text; break;
    case 'B': options.batchBytes = text; break;
    case 'R': options.rate = (double)numberOf(name, text, 1); break;
    case 'c': options.threads = (int)numberOf(name, text, 1); break;
    case 'i': options.isIdempotent = true; break;
    case 'C': options.isChecked = true; break;
    case 'F':
      if (strcmp(text, "beginning") != 0 && strcmp(text, "end") != 0) {
        fail("--from is beginning or end, not '%s'", text);
      }
      options.isFromEnd = strcmp(text, "end") == 0;
      break;
    case 'T': options.timeoutSeconds = numberOf(name, text, 1); break;
    case 's':
      if (options.settingCount == MOST_SETTINGS) fail("--set can be given 32 times");
      options.settings[options.settingCount++] = pairOf(name, text);
      break;
    default: fail("the options stand at the head of bench/load/clients.c");
  }
}

static void readOptions(int count, char **arguments) {
  static const struct option known[] = {
      {"host", 1, 0, 'h'},      {"port", 1, 0, 'p'},       {"what", 1, 0, 'w'},
      {"topic", 1, 0, 't'},     {"partitions", 1, 0, 'P'}, {"topic-config", 1, 0, 'g'},
      {"records", 1, 0, 'n'},   {"bytes", 1, 0, 'b'},      {"codec", 1, 0, 'z'},
      {"acks", 1, 0, 'a'},      {"linger", 1, 0, 'l'},     {"batch", 1, 0, 'B'},
      {"rate", 1, 0, 'R'},      {"consumers", 1, 0, 'c'},  {"producers", 1, 0, 'c'},
      {"idempotent", 0, 0, 'i'}, {"check", 0, 0, 'C'},     {"from", 1, 0, 'F'},
      {"timeout", 1, 0, 'T'},   {"set", 1, 0, 's'},        {0, 0, 0, 0}};
  const char *mode = count > 1 ? arguments[1] : "";
  if (strcmp(mode, "produce") == 0) options.mode = MODE_PRODUCE;
  else if (strcmp(mode, "consume") == 0) options.mode = MODE_CONSUME;
  else if (strcmp(mode, "latency") == 0) options.mode = MODE_LATENCY;
  else fail("usage: clients produce|consume|latency --port P [options]");
  if (options.mode == MODE_LATENCY) options.lingerMs = "0";
  for (int letter, index = 0;
       (letter = getopt_long(count - 1, arguments + 1, "", known, &index)) != -1;) {
    readOption(letter, known[index].name, optarg);
  }
  if (options.port == 0) fail("--port is missing");
  bool needsRecords = options.mode != MODE_CONSUME || options.isFromEnd;
  if (needsRecords && options.records == 0) fail("--records is missing");
  if (options.mode == MODE_LATENCY && options.rate == 0) fail("--rate is missing");
  if (options.mode == MODE_LATENCY && options.threads != 1) fail("latency has one producer");
  if (options.mode == MODE_PRODUCE && options.records % options.threads != 0) {
    fail("--records is a multiple of --producers");
  }
}

static void setting(rd_kafka_conf_t *conf, const char *key, const char *value) {
  char why[512];
  if (rd_kafka_conf_set(conf, key, value, why, sizeof why) != RD_KAFKA_CONF_OK) fail("%s", why);
}

/** What every client here has, with the --set ones last. */
static rd_kafka_conf_t *commonConf(void) {
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  char servers[300];
  snprintf(servers, sizeof servers, "%s:%d", options.host, options.port);
  setting(conf, "bootstrap.servers", servers);
  setting(conf, "client.id", "bench");
  return conf;
}

static void ownSettings(rd_kafka_conf_t *conf) {
  for (int i = 0; i < options.settingCount; i++) {
    char key[200];
    const char *equals = strchr(options.settings[i], '=');
    snprintf(key, sizeof key, "%.*s", (int)(equals - options.settings[i]), options.settings[i]);
    setting(conf, key, equals + 1);
  }
}

static rd_kafka_t *newClient(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
  ownSettings(conf);
  char why[512];
  rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof why);
  if (client == NULL) fail("%s", why);
  return client;
}

#endif
