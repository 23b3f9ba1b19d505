// librdkafka's own mock broker as a server of its own: what its authors test with, and a ceiling of the
// client. It keeps only the last few megabytes of a partition, so it cannot be read from the start.
//
//   mock [TOPIC=PARTITIONS ...]
//
// Other topics appear, with 4 partitions, at the first Metadata that names them. Prints
// `listening PORT` and stops on SIGTERM.
#include <librdkafka/rdkafka.h>
// The library insists on this order.
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>

#include "../load/result.h"

static void makeTopic(rd_kafka_mock_cluster_t *cluster, char *argument) {
  char *equals = strchr(argument, '=');
  if (equals == NULL) fail("a topic is NAME=PARTITIONS, not '%s'", argument);
  *equals = 0;
  int partitions = (int)numberOf(argument, equals + 1, 1);
  rd_kafka_resp_err_t error = rd_kafka_mock_topic_create(cluster, argument, partitions, 1);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail("%s: %s", argument, rd_kafka_err2str(error));
}

int main(int count, char **arguments) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  // Before the library starts its threads, so that they inherit it and the signal waits for us.
  sigprocmask(SIG_BLOCK, &ending, NULL);
  char why[512];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  // The client that the library wants as a host has no broker to connect to, and would warn of it.
  rd_kafka_conf_set(conf, "log_level", "3", why, sizeof why);
  rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
  if (host == NULL) fail("%s", why);
  rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(host, 1);
  if (cluster == NULL) fail("librdkafka cannot start its mock broker");
  for (int i = 1; i < count; i++) makeTopic(cluster, arguments[i]);
  const char *servers = rd_kafka_mock_cluster_bootstraps(cluster);
  const char *colon = strrchr(servers, ':');
  if (colon == NULL) fail("librdkafka's mock broker listens on '%s'", servers);
  printf("listening %s\n", colon + 1);
  fflush(stdout);
  int signal;
  sigwait(&ending, &signal);
  rd_kafka_mock_cluster_destroy(cluster);
  rd_kafka_destroy(host);
  return 0;
}
