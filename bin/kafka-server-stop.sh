#!/bin/sh
# Stops the Samsa brokers of this machine cleanly, as Apache Kafka's script of this name stops Kafka.
# SIGNAL (default TERM) is the signal that is sent.
set -u
pids=$(ps -A -o pid= -o args= | awk '$2 ~ /(^|\/)node$/ && $3 ~ /(^|\/)samsa$/ && $4 == "start" { print $1 }')
if [ -z "$pids" ]; then
  echo 'No kafka server to stop'
  exit 1
fi
# shellcheck disable=SC2086 # one argument for each process
kill -s "${SIGNAL:-TERM}" $pids
