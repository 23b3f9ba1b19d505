#!/bin/sh
# Tutorials start ZooKeeper before the broker. Here there is nothing to start.
bin=$(dirname -- "$0")
echo 'ZooKeeper is not needed: the broker keeps its metadata itself.'
echo "Start the broker: $bin/kafka-server-start.sh config/server.properties"
