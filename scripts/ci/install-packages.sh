#!/usr/bin/env bash
# Installs the Debian packages that `npm run interop` and the taxi example drive the broker with, those
# of them that are missing. Needs root, or sudo without a password.
set -euo pipefail
packages=(kcat python3-kafka python3-confluent-kafka wamerican python3 python3-venv gcc g++ make libc6-dev
  librdkafka-dev liblz4-dev rsyslog rsyslog-kafka)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "all installed: ${packages[*]}"
  exit 0
fi
root=()
[ "$(id -u)" -eq 0 ] || root=(sudo -n)
export DEBIAN_FRONTEND=noninteractive
# rsyslog is a program to us: its daemon is not started, where nothing else decides that already.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
  "${root[@]}" chmod 755 "$policy"
fi
for attempt in 1 2 3; do
  echo "installing (attempt $attempt): ${missing[*]}"
  if "${root[@]}" apt-get -q -o Acquire::Retries=3 update &&
    "${root[@]}" apt-get -q -y -o Acquire::Retries=3 install --no-install-recommends "${missing[@]}"; then
    exit 0
  fi
done
echo "could not install: ${missing[*]}" >&2
exit 1
