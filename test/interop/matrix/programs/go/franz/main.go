// Command franz translates the matrix's lines into calls of franz-go (kgo and kadm).
package main

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"matrix/lines"
)

// An answer that takes longer is a failure.
const verbTimeout = 30 * time.Second

// What a record or a fetched partition may measure.
const maxBytes = 8 << 20

type client struct{ address string }

func main() {
	c := client{lines.Address()}
	lines.Serve(&lines.Program{
		Library: "franz-go",
		Module:  "github.com/twmb/franz-go",
		Codecs:  []string{"none", "gzip", "snappy", "lz4", "zstd"},
		Lacks:   map[string]string{},
		Join:    c.join,
		CodeOf:  codeOf,
		Verbs: map[string]lines.Verb{
			"produce":       c.produce,
			"consume":       c.consume,
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
			"deleteRecords": c.asked(deleteRecords),
			"listGroups":    c.asked(listGroups),
			"describeGroup": c.asked(describeGroup),
			"deleteGroup":   c.asked(deleteGroup),
		},
	})
}

func (c client) open(options ...kgo.Opt) (*kgo.Client, error) {
	return kgo.NewClient(append(options, kgo.SeedBrokers(c.address))...)
}

// asked runs a verb with an admin client of its own, which has seen nothing before.
func (c client) asked(
	verb func(context.Context, *kadm.Client, *lines.Request) (lines.Answer, error),
) lines.Verb {
	return func(request *lines.Request) (lines.Answer, error) {
		opened, err := c.open()
		if err != nil {
			return nil, err
		}
		defer opened.Close()
		ctx, cancel := context.WithTimeout(context.Background(), verbTimeout)
		defer cancel()
		return verb(ctx, kadm.NewClient(opened), request)
	}
}

func codeOf(err error) (int, bool) {
	var known *kerr.Error
	if errors.As(err, &known) {
		return int(known.Code), true
	}
	return 0, false
}
