#!/bin/sh
# Starts a Samsa broker the way Apache Kafka's script of this name starts Kafka:
#   kafka-server-start.sh [-daemon] server.properties [--override key=value]...
# With -daemon the broker runs in the background; its output goes to LOG_DIR (default: logs/ beside
# this directory), file kafkaServer.out. Other options are those of `samsa start`.
set -eu
bin=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

daemon=
case ${1-} in
-daemon) daemon=1; shift ;;
esac
case ${1-} in
'')
  echo "Usage: $0 [-daemon] server.properties [--override key=value]..." >&2
  exit 1
  ;;
--version) exec node "$bin/samsa" --version ;;
esac

# --override key=value becomes --set key=value; every argument moves once through the list.
left=$#
while [ "$left" -gt 0 ]; do
  argument=$1
  shift
  left=$((left - 1))
  case $argument in
  --override) set -- "$@" --set ;;
  --override=*) set -- "$@" "--set=${argument#--override=}" ;;
  *) set -- "$@" "$argument" ;;
  esac
done

if [ -z "$daemon" ]; then exec node "$bin/samsa" start "$@"; fi
logs=${LOG_DIR:-$(dirname -- "$bin")/logs}
mkdir -p "$logs"
nohup node "$bin/samsa" start "$@" >"$logs/kafkaServer.out" 2>&1 </dev/null &
