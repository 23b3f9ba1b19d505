#!/usr/bin/env bash
# The taxi app of a well-known tutorial, its four Python programs as printed, on a Samsa broker:
#   run.sh            rides every five seconds, as printed (45 s)
#   run.sh --fast     rides every 0.2 seconds
#   run.sh --verify   counts messages and records at the end, and fails if one is missing
# Needs: npm ci was run in this checkout, and Debian's python3-kafka (2.0.2).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
samsa=$here/../../bin/samsa
python=/usr/bin/python3

fast= verify=
for option in "$@"; do
  case $option in
  --fast) fast=1 ;;
  --verify) verify=1 ;;
  *) echo "Usage: $0 [--fast] [--verify]" >&2; exit 2 ;;
  esac
done

if ! "$python" -c 'import kafka' 2>/dev/null; then
  echo 'taxi: the Python library is missing: apt install python3-kafka' >&2
  exit 1
fi

work=$(mktemp -d)
pids=()
finish() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# The programs name localhost:9092, so it is this port or none; the broker says so if it is taken.
node "$samsa" start --data-dir "$work/data" --log-level debug >"$work/broker" 2>"$work/broker.err" &
broker=$!
pids+=("$broker")

wait_for() { # WHAT SECONDS COMMAND...: until the command succeeds
  local what=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "taxi: waited too long for $what" >&2
      return 1
    fi
    sleep 0.1
  done
}
broker_ready() {
  kill -0 "$broker" 2>/dev/null || { cat "$work/broker.err" >&2; exit 1; }
  grep -qs 'KafkaServer id=[0-9]*\] started' "$work/broker"
}
# The consumers read from the end: each has its place once it asked for the end of its topic.
consumers_placed() { [ "$(grep -c ListOffsets "$work/broker")" -ge 3 ]; }
lines() { grep -c "$1" "$work/$2" || true; }
all_done() {
  [ "$(lines 'Transaction Completed' transaction)" -ge 9 ] &&
    [ "$(lines 'Email sent' email)" -ge 9 ] &&
    [ "$(lines 'Data sent to ML' analysis)" -ge 9 ]
}

wait_for 'the broker' 10 broker_ready
cd "$here/seed"
for program in transaction email analysis; do
  "$python" -u "$program.py" > >(tee "$work/$program") 2>&1 &
  pids+=($!)
done
wait_for 'the consumers' 20 consumers_placed

if [ -n "$fast" ]; then
  # The program as printed, with a shorter nap; it does not flush, so it needs some.
  "$python" -u -c 'import time; nap = time.sleep; time.sleep = lambda s: nap(0.2)
exec(open("rides.py").read())' | tee "$work/rides"
else
  "$python" -u rides.py | tee "$work/rides"
fi
wait_for 'the last messages' 20 all_done || true
[ -n "$verify" ] || exit 0

cd "$here"
passed=0 failed=0
check() { # WHAT EXPECTED FOUND
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1: $3, not $2"
  fi
}
records() {
  "$python" - "$1" <<'PYTHON'
import sys, kafka
consumer = kafka.KafkaConsumer(sys.argv[1], bootstrap_servers="localhost:9092",
                               auto_offset_reset="earliest", consumer_timeout_ms=2000)
print(sum(1 for _ in consumer))
PYTHON
}
check 'rides sent' 9 "$(lines '^Ride Details Send Succesfully!$' rides)"
check 'transactions completed' 9 "$(lines '^Transaction Completed..(user_[1-9])$' transaction)"
check 'e-mails sent' 9 "$(lines '^Email sent to user_[1-9]@xyz.com!$' email)"
check 'analyses' 9 "$(lines '^Data sent to ML Model for analysis (user_[1-9])!$' analysis)"
check 'records in ride_details' 9 "$(records ride_details)"
check 'records in ride_confirmed' 9 "$(records ride_confirmed)"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
