package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"matrix/lines"
)

var codecs = map[string]kafka.Compression{
	"gzip":   kafka.Gzip,
	"snappy": kafka.Snappy,
	"lz4":    kafka.Lz4,
	"zstd":   kafka.Zstd,
}

// place is what a message carries through the writer: its number in the request and the partition
// it names, nil where the library chooses.
type place struct {
	index     int
	partition *int32
}

func (c client) produce(request *lines.Request) (answer lines.Answer, err error) {
	transport := &kafka.Transport{}
	defer transport.CloseIdleConnections()
	placed := make([][]int64, len(request.Records))
	var lock sync.Mutex
	writer := &kafka.Writer{
		Addr:         c.address,
		Topic:        request.Topic,
		Balancer:     kafka.BalancerFunc(choose),
		BatchTimeout: 5 * time.Millisecond,
		BatchSize:    1000,
		BatchBytes:   maxBytes,
		RequiredAcks: kafka.RequireAll,
		Compression:  codecs[request.Codec],
		Transport:    transport,
		Completion: func(messages []kafka.Message, err error) {
			lock.Lock()
			defer lock.Unlock()
			for _, message := range messages {
				if err == nil {
					at := message.WriterData.(place).index
					placed[at] = []int64{int64(message.Partition), message.Offset}
				}
			}
		},
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	messages := make([]kafka.Message, len(request.Records))
	for i, record := range request.Records {
		messages[i] = toProduce(i, record)
	}
	ctx, cancel := context.WithTimeout(context.Background(), verbTimeout)
	defer cancel()
	if err := writer.WriteMessages(ctx, messages...); err != nil {
		return nil, err
	}
	lock.Lock()
	defer lock.Unlock()
	return lines.Answer{"placed": placed}, nil
}

var murmur2 = kafka.Murmur2Balancer{}

// choose obeys a partition named in the record and leaves the others to the library.
func choose(message kafka.Message, partitions ...int) int {
	if named := message.WriterData.(place).partition; named != nil {
		return int(*named)
	}
	return murmur2.Balance(message, partitions...)
}

func toProduce(index int, record lines.Record) kafka.Message {
	message := kafka.Message{
		Key: record.Key, Value: record.Value, WriterData: place{index, record.Partition},
	}
	if record.Timestamp != nil {
		message.Time = time.UnixMilli(*record.Timestamp)
	}
	for _, header := range record.Headers {
		message.Headers = append(message.Headers, kafka.Header{Key: header.Name, Value: header.Value})
	}
	return message
}

// consume fetches through Client: it tells null from empty, which Reader does not.
func consume(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	deadline := time.Now().Add(time.Duration(request.TimeoutMs) * time.Millisecond)
	next := append([]lines.Position{}, request.From...)
	records := []lines.Record{}
	for len(records) < request.Count && time.Now().Before(deadline) {
		for i := range next {
			read, err := fetch(ctx, asking, request.Topic, &next[i], time.Until(deadline))
			if err != nil {
				return nil, err
			}
			records = append(records, read...)
		}
	}
	return lines.Answer{"records": records[:min(len(records), request.Count)]}, nil
}

// fetch reads what is there, waiting a little, and moves the position behind it.
func fetch(
	ctx context.Context, asking *kafka.Client, topic string, next *lines.Position, left time.Duration,
) ([]lines.Record, error) {
	reply, err := asking.Fetch(ctx, &kafka.FetchRequest{
		Topic: topic, Partition: int(next.Partition), Offset: next.At,
		MinBytes: 1, MaxBytes: maxBytes,
		MaxWait: max(time.Millisecond, min(left, 100*time.Millisecond)),
	})
	if err == nil {
		err = reply.Error
	}
	if err != nil {
		return nil, err
	}
	records := []lines.Record{}
	for {
		record, err := reply.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		made, err := fromFetched(next.Partition, record)
		if err != nil {
			return nil, err
		}
		// A batch comes whole, also when its first records lie before what was asked for.
		if record.Offset >= next.At {
			records = append(records, made)
			next.At = record.Offset + 1
		}
	}
}

func fromFetched(partition int32, record *kafka.Record) (lines.Record, error) {
	key, err := kafka.ReadAll(record.Key)
	if err != nil {
		return lines.Record{}, fmt.Errorf("key of offset %d: %w", record.Offset, err)
	}
	value, err := kafka.ReadAll(record.Value)
	if err != nil {
		return lines.Record{}, fmt.Errorf("value of offset %d: %w", record.Offset, err)
	}
	made := lines.NewRecord(partition, record.Offset, record.Time.UnixMilli(), key, value)
	for _, header := range record.Headers {
		made.Headers = append(made.Headers, lines.Header{Name: header.Key, Value: header.Value})
	}
	return made, nil
}

func fromMessage(message kafka.Message) lines.Record {
	made := lines.NewRecord(
		int32(message.Partition), message.Offset, message.Time.UnixMilli(), message.Key, message.Value,
	)
	for _, header := range message.Headers {
		made.Headers = append(made.Headers, lines.Header{Name: header.Key, Value: header.Value})
	}
	return made
}
