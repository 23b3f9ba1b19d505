// Command sarama translates the matrix's lines into calls of IBM/sarama.
package main

import (
	"errors"
	"time"

	"github.com/IBM/sarama"

	"matrix/lines"
)

// An answer that takes longer is a failure.
const verbTimeout = 30 * time.Second

// What a record or a fetched partition may measure.
const maxBytes = 8 << 20

type client struct{ addresses []string }

func main() {
	c := client{[]string{lines.Address()}}
	lines.Serve(&lines.Program{
		Library: "sarama",
		Module:  "github.com/IBM/sarama",
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

func settings() *sarama.Config {
	config := sarama.NewConfig()
	config.Version = sarama.MaxVersion
	config.Admin.Timeout = verbTimeout
	config.Consumer.Return.Errors = true
	config.Consumer.Fetch.Default = maxBytes
	config.Consumer.MaxWaitTime = 250 * time.Millisecond
	return config
}

// asked runs a verb with an admin client of its own, which has seen nothing before.
func (c client) asked(
	verb func(sarama.ClusterAdmin, *lines.Request) (lines.Answer, error),
) lines.Verb {
	return func(request *lines.Request) (answer lines.Answer, err error) {
		admin, err := sarama.NewClusterAdmin(c.addresses, settings())
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, admin.Close()) }()
		return verb(admin, request)
	}
}

func codeOf(err error) (int, bool) {
	var several sarama.ProducerErrors
	if errors.As(err, &several) && len(several) > 0 {
		err = several[0]
	}
	var known sarama.KError
	if errors.As(err, &known) {
		return int(known), true
	}
	return 0, false
}
