#!/bin/sh
# Prepares data directories, as Apache Kafka's script of this name does:
#   kafka-storage.sh random-uuid
#   kafka-storage.sh info -c server.properties
#   kafka-storage.sh format -t CLUSTER_ID -c server.properties [OPTIONS]
# A broker formats an empty directory itself at its first start, so none of this is needed.
set -eu
bin=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec node "$bin/samsa" storage "$@"
