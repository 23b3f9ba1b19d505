#!/bin/sh
# Tutorials stop ZooKeeper after the broker. Here there is nothing to stop.
echo 'ZooKeeper is not needed, so there is nothing to stop.'
