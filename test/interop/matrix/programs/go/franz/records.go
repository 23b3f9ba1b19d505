package main

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"matrix/lines"
)

var codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

// Of a record whose partition the library chooses.
const unplaced = -1

func (c client) produce(request *lines.Request) (lines.Answer, error) {
	options := []kgo.Opt{
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.ProducerBatchCompression(codecs[request.Codec]),
		kgo.ProducerBatchMaxBytes(maxBytes),
		kgo.ProducerLinger(5 * time.Millisecond),
		kgo.RecordPartitioner(placing{kgo.StickyKeyPartitioner(nil)}),
	}
	if !request.Idempotent {
		options = append(options, kgo.DisableIdempotentWrite())
	}
	opened, err := c.open(options...)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	records := make([]*kgo.Record, len(request.Records))
	for i, record := range request.Records {
		records[i] = toProduce(request.Topic, record)
	}
	// Not RecordDeliveryTimeout: it counts from the timestamp of the record, which may be an old one.
	ctx, cancel := context.WithTimeout(context.Background(), verbTimeout)
	defer cancel()
	if err := worst(opened.ProduceSync(ctx, records...)); err != nil {
		return nil, err
	}
	placed := make([][]int64, len(records))
	for i, record := range records {
		placed[i] = []int64{int64(record.Partition), record.Offset}
	}
	return lines.Answer{"placed": placed}, nil
}

// worst prefers what the broker said to what followed from it.
func worst(results kgo.ProduceResults) error {
	for _, result := range results {
		if _, hasCode := codeOf(result.Err); hasCode {
			return result.Err
		}
	}
	return results.FirstErr()
}

func toProduce(topic string, record lines.Record) *kgo.Record {
	made := &kgo.Record{Topic: topic, Key: record.Key, Value: record.Value, Partition: unplaced}
	if record.Partition != nil {
		made.Partition = *record.Partition
	}
	if record.Timestamp != nil {
		made.Timestamp = time.UnixMilli(*record.Timestamp)
	}
	for _, header := range record.Headers {
		made.Headers = append(made.Headers, kgo.RecordHeader{Key: header.Name, Value: header.Value})
	}
	return made
}

func fromRead(record *kgo.Record) lines.Record {
	made := lines.NewRecord(
		record.Partition, record.Offset, record.Timestamp.UnixMilli(), record.Key, record.Value,
	)
	for _, header := range record.Headers {
		made.Headers = append(made.Headers, lines.Header{Name: header.Key, Value: header.Value})
	}
	return made
}

func (c client) consume(request *lines.Request) (lines.Answer, error) {
	from := map[int32]kgo.Offset{}
	for _, position := range request.From {
		from[position.Partition] = kgo.NewOffset().At(position.At)
	}
	opened, err := c.open(
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{request.Topic: from}),
		kgo.FetchMaxPartitionBytes(maxBytes),
		kgo.FetchMaxWait(250*time.Millisecond),
	)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	timeout := time.Duration(request.TimeoutMs) * time.Millisecond
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	records := []lines.Record{}
	for len(records) < request.Count && ctx.Err() == nil {
		fetches := opened.PollRecords(ctx, request.Count-len(records))
		for _, failure := range fetches.Errors() {
			if !errors.Is(failure.Err, context.DeadlineExceeded) {
				return nil, failure.Err
			}
		}
		fetches.EachRecord(func(record *kgo.Record) { records = append(records, fromRead(record)) })
	}
	return lines.Answer{"records": records}, nil
}

// placing obeys a partition named in the record and leaves the others to the library's partitioner.
type placing struct{ others kgo.Partitioner }

func (p placing) ForTopic(topic string) kgo.TopicPartitioner {
	return placingTopic{p.others.ForTopic(topic)}
}

type placingTopic struct{ others kgo.TopicPartitioner }

func (p placingTopic) RequiresConsistency(record *kgo.Record) bool {
	return record.Partition != unplaced || p.others.RequiresConsistency(record)
}

func (p placingTopic) Partition(record *kgo.Record, total int) int {
	if record.Partition != unplaced {
		return int(record.Partition)
	}
	return p.others.Partition(record, total)
}
