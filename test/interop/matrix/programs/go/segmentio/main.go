// Command segmentio translates the matrix's lines into calls of segmentio/kafka-go.
package main

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/segmentio/kafka-go"

	"matrix/lines"
)

// An answer that takes longer is a failure.
const verbTimeout = 30 * time.Second

// What a record or a fetched partition may measure.
const maxBytes = 8 << 20

type client struct {
	text    string
	address net.Addr
}

func main() {
	address := lines.Address()
	c := client{address, kafka.TCP(address)}
	lines.Serve(&lines.Program{
		Library: "kafka-go",
		Module:  "github.com/segmentio/kafka-go",
		Codecs:  []string{"none", "gzip", "snappy", "lz4", "zstd"},
		Lacks: map[string]string{
			"idempotent":    "Writer has no such setting, and every batch is encoded with producer id -1",
			"deleteRecords": "Client has no DeleteRecords, and no such message is in its protocol packages",
		},
		Join:   c.join,
		CodeOf: codeOf,
		Verbs: map[string]lines.Verb{
			"produce":       c.produce,
			"consume":       c.asked(consume),
			"committed":     c.asked(committed),
			"times":         c.asked(times),
			"ends":          c.asked(ends),
			"createTopic":   c.asked(createTopic),
			"describeTopic": c.asked(describeTopic),
			"listTopics":    c.asked(listTopics),
			"topicConfigs":  c.asked(topicConfigs),
			"alterConfigs":  c.asked(alterConfigs),
			"addPartitions": c.asked(addPartitions),
			"deleteTopic":   c.asked(deleteTopic),
			"listGroups":    c.asked(listGroups),
			"describeGroup": c.asked(describeGroup),
			"deleteGroup":   c.asked(deleteGroup),
		},
	})
}

// asked runs a verb with a client of its own, which has seen nothing before.
func (c client) asked(
	verb func(context.Context, *kafka.Client, *lines.Request) (lines.Answer, error),
) lines.Verb {
	return func(request *lines.Request) (lines.Answer, error) {
		transport := &kafka.Transport{}
		defer transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), verbTimeout)
		defer cancel()
		asking := &kafka.Client{Addr: c.address, Timeout: verbTimeout, Transport: transport}
		return verb(ctx, asking, request)
	}
}

func codeOf(err error) (int, bool) {
	var several kafka.WriteErrors
	if errors.As(err, &several) {
		err = errors.Join(several...)
	}
	var tooLarge kafka.MessageTooLargeError
	if errors.As(err, &tooLarge) {
		return int(kafka.MessageSizeTooLarge), true
	}
	var known kafka.Error
	if errors.As(err, &known) {
		return int(known), true
	}
	return 0, false
}
