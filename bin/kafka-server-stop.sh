#!/bin/sh
# Cleanly stops the Samsa brokers that kafka-server-start.sh of this directory started. SIGNAL
# (default TERM) is the signal that is sent. A broker started by hand is stopped with Ctrl-C.
set -u
bin=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
pids=$(ps -A -o pid= -o args= | awk -v own=" $bin/samsa start " 'index($0 " ", own) { print $1 }')
if [ -z "$pids" ]; then
  echo 'No kafka server to stop'
  exit 1
fi
# shellcheck disable=SC2086 # one argument for each process
kill -s "${SIGNAL:-TERM}" $pids
