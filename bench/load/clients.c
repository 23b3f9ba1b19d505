// The load that users' programs make: librdkafka producers and consumers, one thread of ours each.
// Every delivery report is checked, every consumed offset follows the one before it, the counts must
// be right: any error is a sentence on stderr and the exit code 1.
//
//   clients produce|consume|latency [options]
//
//   --host H            127.0.0.1
//   --port P            required
//   --what TEXT         the name of the run in the output; made from the options when absent
//   --topic T           clients; created with the partitions below when it is not there
//   --partitions P      1; produced to in turn, consumed all
//   --topic-config K=V  a setting of the topic when this program creates it; may be repeated
//   --records N         produce and latency: how many, all producers together. consume: how many each
//                       consumer has to find; without it what the partitions hold at the start
//   --bytes B           1000; the value of one record, half of it random (about 2:1 when compressed)
//   --codec C           none | gzip | snappy | lz4 | zstd
//   --acks A            1
//   --linger MS         5 (latency: 0)
//   --batch B           1000000; the library's batch.size
//   --producers N       1; threads with a client each
//   --consumers N       1; threads with a client each, every one of them reads everything
//   --idempotent        an idempotent producer (acks is all then)
//   --rate R            latency: records per second; a latency counts from the moment at which the
//                       record should have been handed to the library to its delivery report
//   --from F            beginning | end; consume from the end needs --records
//   --check             consumers check every batch's CRC
//   --set K=V           any setting of librdkafka; may be repeated, the last word
//   --timeout S         30; without any progress for so long the program ends with 1
//
// `bytes` in the output counts values; `requests` is 0, the library does not say. In produce the
// latencies are the library's own, from its produce call to the delivery report, queue included.
#include <pthread.h>
#include <stdatomic.h>
#include <sys/prctl.h>

#include "clients-options.h"

enum { POOL_BYTES = 4 << 20, MOST_AT_ONCE = 10000, RECORDS_BETWEEN_POLLS = 500 };

typedef struct {
  pthread_t thread;
  rd_kafka_t *client;
  rd_kafka_topic_t *topic;
  uint64_t records, bytes, firstNs, lastNs, errors;
  int lastError;
  Histogram latency;
} Worker;

static Result result;
static Worker *workers;
/** Different values, many more than a codec's window holds. */
static uint8_t *pool;
static int64_t poolRecords;
static uint64_t scheduleNs;
static atomic_int ready;
static atomic_bool go;

static void makePool(void) {
  poolRecords = POOL_BYTES / options.bytes > 4 ? POOL_BYTES / options.bytes : 4;
  pool = malloc((size_t)(poolRecords * options.bytes));
  uint64_t seed = 0x9e3779b97f4a7c15u;
  for (int64_t i = 0; i < poolRecords; i++) {
    fillHalfRandom(pool + i * options.bytes, (size_t)options.bytes, &seed);
  }
}

static void onDelivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client;
  Worker *worker = opaque;
  worker->lastNs = monotonicNs();
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    worker->errors++;
    worker->lastError = message->err;
    return;
  }
  worker->records++;
  worker->bytes += message->len;
  if (options.mode == MODE_LATENCY) {
    uint64_t index = (uint64_t)(uintptr_t)message->_private;
    uint64_t intended = scheduleNs + (uint64_t)((double)index * 1e9 / options.rate);
    recordNs(&worker->latency, worker->lastNs > intended ? worker->lastNs - intended : 0);
  } else {
    int64_t us = rd_kafka_message_latency(message);
    recordNs(&worker->latency, us > 0 ? (uint64_t)us * 1000 : 0);
  }
}

static void openProducer(Worker *worker) {
  rd_kafka_conf_t *conf = commonConf();
  setting(conf, "compression.codec", options.codec);
  setting(conf, "acks", options.isIdempotent ? "all" : options.acks);
  setting(conf, "linger.ms", options.lingerMs);
  setting(conf, "batch.size", options.batchBytes);
  setting(conf, "batch.num.messages", "100000");
  setting(conf, "queue.buffering.max.messages", "200000");
  setting(conf, "queue.buffering.max.kbytes", "262144");
  setting(conf, "enable.idempotence", options.isIdempotent ? "true" : "false");
  rd_kafka_conf_set_dr_msg_cb(conf, onDelivered);
  rd_kafka_conf_set_opaque(conf, worker);
  worker->client = newClient(RD_KAFKA_PRODUCER, conf);
  worker->topic = rd_kafka_topic_new(worker->client, options.topic.name, NULL);
  if (worker->topic == NULL) fail("%s", rd_kafka_err2str(rd_kafka_last_error()));
}

/** Connections, versions and leaders are known before the clock starts. */
static void warmUp(Worker *worker) {
  const struct rd_kafka_metadata *metadata;
  rd_kafka_resp_err_t error = rd_kafka_metadata(worker->client, 0, worker->topic, &metadata, 20000);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail("metadata: %s", rd_kafka_err2str(error));
  rd_kafka_metadata_destroy(metadata);
  atomic_fetch_add(&ready, 1);
  while (!atomic_load(&go)) usleep(200);
}

static void hand(Worker *worker, int64_t index) {
  void *value = pool + (index % poolRecords) * options.bytes;
  int32_t partition = (int32_t)(index % options.topic.partitions);
  uint64_t lastProgress = monotonicNs();
  while (rd_kafka_produce(worker->topic, partition, 0, value, (size_t)options.bytes, NULL, 0,
                          (void *)(uintptr_t)index) != 0) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      fail("produce: %s", rd_kafka_err2str(rd_kafka_last_error()));
    }
    if (rd_kafka_poll(worker->client, 10) > 0) lastProgress = monotonicNs();
    if (monotonicNs() - lastProgress > (uint64_t)options.timeoutSeconds * 1000000000u) {
      fail("the queue of the producer is full for %lld s", (long long)options.timeoutSeconds);
    }
  }
}

/** Waits for the last delivery reports. */
static void drain(Worker *worker) {
  uint64_t lastProgress = monotonicNs();
  while (rd_kafka_outq_len(worker->client) > 0) {
    if (rd_kafka_poll(worker->client, 10) > 0) lastProgress = monotonicNs();
    if (monotonicNs() - lastProgress > (uint64_t)options.timeoutSeconds * 1000000000u) {
      fail("%d records have no delivery report after %lld s", rd_kafka_outq_len(worker->client),
           (long long)options.timeoutSeconds);
    }
  }
}

static void *produce(void *argument) {
  Worker *worker = argument;
  openProducer(worker);
  warmUp(worker);
  worker->firstNs = worker->lastNs = monotonicNs();
  int64_t mine = options.records / options.threads;
  for (int64_t i = 0; i < mine; i++) {
    hand(worker, i);
    if (i % RECORDS_BETWEEN_POLLS == 0) rd_kafka_poll(worker->client, 0);
  }
  drain(worker);
  if (worker->errors > 0) return NULL;
  if (worker->records != (uint64_t)mine) {
    fail("%llu delivery reports for %lld records", (unsigned long long)worker->records,
         (long long)mine);
  }
  return NULL;
}

/** Hands one record over at each of the intended moments; `produceAtRate` takes the reports. */
static void *handAtRate(void *argument) {
  Worker *worker = argument;
  prctl(PR_SET_TIMERSLACK, 1);
  for (int64_t i = 0; i < options.records; i++) {
    uint64_t at = scheduleNs + (uint64_t)((double)i * 1e9 / options.rate);
    struct timespec time = {(time_t)(at / 1000000000u), (long)(at % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) continue;
    hand(worker, i);
  }
  return NULL;
}

static void *produceAtRate(void *argument) {
  Worker *worker = argument;
  openProducer(worker);
  warmUp(worker);
  worker->firstNs = worker->lastNs = scheduleNs = monotonicNs();
  pthread_t sender;
  pthread_create(&sender, NULL, handAtRate, worker);
  uint64_t wanted = (uint64_t)options.records;
  while (worker->records + worker->errors < wanted) {
    rd_kafka_poll(worker->client, 1000);
    if (monotonicNs() - worker->lastNs > (uint64_t)options.timeoutSeconds * 1000000000u) {
      fail("no delivery report for %lld s", (long long)options.timeoutSeconds);
    }
  }
  pthread_join(sender, NULL);
  return NULL;
}

typedef struct {
  int64_t next, end;
} Position;

static void openConsumer(Worker *worker) {
  rd_kafka_conf_t *conf = commonConf();
  setting(conf, "check.crcs", options.isChecked ? "true" : "false");
  setting(conf, "auto.offset.reset", "error");
  setting(conf, "enable.partition.eof", "false");
  worker->client = newClient(RD_KAFKA_CONSUMER, conf);
  worker->topic = rd_kafka_topic_new(worker->client, options.topic.name, NULL);
  if (worker->topic == NULL) fail("%s", rd_kafka_err2str(rd_kafka_last_error()));
}

/** Asks where each partition begins and ends; returns how many records that is. */
static int64_t findPositions(Worker *worker, Position *positions) {
  int64_t sum = 0;
  for (int i = 0; i < options.topic.partitions; i++) {
    int64_t low, high;
    rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(
        worker->client, options.topic.name, i, &low, &high, 20000);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail("offsets: %s", rd_kafka_err2str(error));
    positions[i] = (Position){options.isFromEnd ? high : low, high};
    sum += high - low;
  }
  return sum;
}

static void takeMessage(Worker *worker, Position *positions, const rd_kafka_message_t *message) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    fail("consume: %s", rd_kafka_message_errstr(message));
  }
  Position *position = &positions[message->partition];
  if (message->offset != position->next) {
    fail("offset %lld of partition %d came where %lld was due", (long long)message->offset,
         message->partition, (long long)position->next);
  }
  position->next++;
  worker->records++;
  worker->bytes += message->len;
}

static void *consume(void *argument) {
  Worker *worker = argument;
  openConsumer(worker);
  Position *positions = calloc((size_t)options.topic.partitions, sizeof(Position));
  int64_t wanted = findPositions(worker, positions);
  if (options.records > 0) wanted = options.records;
  if (wanted == 0) fail("topic %s has no records", options.topic.name);
  warmUp(worker);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(worker->client);
  rd_kafka_message_t **messages = malloc(MOST_AT_ONCE * sizeof *messages);
  worker->firstNs = worker->lastNs = monotonicNs();
  for (int i = 0; i < options.topic.partitions; i++) {
    if (rd_kafka_consume_start_queue(worker->topic, i, positions[i].next, queue) != 0) {
      fail("consume: %s", rd_kafka_err2str(rd_kafka_last_error()));
    }
  }
  while (worker->records < (uint64_t)wanted) {
    ssize_t count = rd_kafka_consume_batch_queue(queue, 100, messages, MOST_AT_ONCE);
    for (ssize_t i = 0; i < count; i++) {
      takeMessage(worker, positions, messages[i]);
      rd_kafka_message_destroy(messages[i]);
    }
    if (count > 0) worker->lastNs = monotonicNs();
    if (monotonicNs() - worker->lastNs > (uint64_t)options.timeoutSeconds * 1000000000u) {
      fail("%llu of %lld records came, and none for %lld s", (unsigned long long)worker->records,
           (long long)wanted, (long long)options.timeoutSeconds);
    }
  }
  if (worker->records != (uint64_t)wanted && !options.isFromEnd) {
    fail("%llu records came, %lld are there", (unsigned long long)worker->records,
         (long long)wanted);
  }
  for (int i = 0; i < options.topic.partitions; i++) rd_kafka_consume_stop(worker->topic, i);
  return NULL;
}

static void sumUp(void) {
  uint64_t first = UINT64_MAX, last = 0;
  for (int i = 0; i < options.threads; i++) {
    Worker *worker = &workers[i];
    result.records += worker->records;
    result.bytes += worker->bytes;
    addHistogram(&result.latency, &worker->latency);
    if (worker->firstNs < first) first = worker->firstNs;
    if (worker->lastNs > last) last = worker->lastNs;
    addErrors(&result, worker->lastError, worker->errors);
  }
  result.seconds = (double)(last - first) / 1e9;
}

int main(int count, char **arguments) {
  readOptions(count, arguments);
  Handshake shake = startHandshake(options.host, options.port);
  prepareTopic(&shake, &options.topic);
  close(shake.fd);
  if (options.mode != MODE_CONSUME) makePool();
  workers = calloc((size_t)options.threads, sizeof(Worker));
  void *(*const modes[])(void *) = {produce, consume, produceAtRate};
  for (int i = 0; i < options.threads; i++) {
    pthread_create(&workers[i].thread, NULL, modes[options.mode], &workers[i]);
  }
  while (atomic_load(&ready) < options.threads) usleep(200);
  result.cpuBefore = ownCpuSeconds();
  atomic_store(&go, true);
  for (int i = 0; i < options.threads; i++) pthread_join(workers[i].thread, NULL);
  sumUp();
  char what[200];
  static const char *const names[] = {"produce", "consume", "latency"};
  snprintf(what, sizeof what, "%s %lld B %s, %d clients", names[options.mode],
           (long long)options.bytes, options.codec, options.threads);
  result.what = options.what != NULL ? options.what : what;
  printResult(&result, "");
  if (result.errors > 0) {
    fail("%llu records were not delivered, see errorsByCode", (unsigned long long)result.errors);
  }
  // The clients end with the process: closing them in order takes up to a second, for nothing.
  fflush(stdout);
  _exit(0);
}
