// kfake, franz-go's in-memory Kafka, as a server of its own: what Go developers test with.
//
//	kfake [-port N] [-partitions N] [-topic NAME=PARTITIONS ...]
//
//	-port N                  0, that is any
//	-partitions N            1; of topics that appear by themselves
//	-topic NAME=PARTITIONS   made at the start; may be repeated
//
// Prints `listening PORT` and stops on SIGTERM.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	log.SetFlags(0)
	port := flag.Int("port", 0, "0 is any")
	partitions := flag.Int("partitions", 1, "of topics that appear by themselves")
	options := []kfake.Opt{kfake.NumBrokers(1), kfake.AllowAutoTopicCreation()}
	flag.Func("topic", "NAME=PARTITIONS", func(text string) error {
		name, count, _ := strings.Cut(text, "=")
		number, err := strconv.Atoi(count)
		if err == nil {
			options = append(options, kfake.SeedTopics(int32(number), name))
		}
		return err
	})
	flag.Parse()
	options = append(options, kfake.DefaultNumPartitions(*partitions), kfake.Ports(*port))
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		log.Fatalf("kfake does not start: %v", err)
	}
	defer cluster.Close()
	_, listening, err := net.SplitHostPort(cluster.ListenAddrs()[0])
	if err != nil {
		log.Fatalf("kfake listens on %q", cluster.ListenAddrs()[0])
	}
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGTERM, syscall.SIGINT)
	fmt.Println("listening", listening)
	<-ending
}
