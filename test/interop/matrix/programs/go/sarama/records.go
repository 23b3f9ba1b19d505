package main

import (
	"errors"
	"time"

	"github.com/IBM/sarama"

	"matrix/lines"
)

var codecs = map[string]sarama.CompressionCodec{
	"none":   sarama.CompressionNone,
	"gzip":   sarama.CompressionGZIP,
	"snappy": sarama.CompressionSnappy,
	"lz4":    sarama.CompressionLZ4,
	"zstd":   sarama.CompressionZSTD,
}

// Of a record whose partition the library chooses.
const unplaced = -1

func (c client) produce(request *lines.Request) (answer lines.Answer, err error) {
	config := settings()
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Compression = codecs[request.Codec]
	config.Producer.MaxMessageBytes = maxBytes
	config.Producer.Flush.Frequency = 5 * time.Millisecond
	config.Producer.Return.Successes = true
	config.Producer.Partitioner = func(topic string) sarama.Partitioner {
		return placing{sarama.NewMurmur2Partitioner(topic)}
	}
	if request.Idempotent {
		config.Producer.Idempotent = true
		config.Net.MaxOpenRequests = 1
	}
	producer, err := sarama.NewSyncProducer(c.addresses, config)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, producer.Close()) }()
	messages := make([]*sarama.ProducerMessage, len(request.Records))
	for i, record := range request.Records {
		messages[i] = toProduce(request.Topic, record)
	}
	if err := producer.SendMessages(messages); err != nil {
		return nil, err
	}
	placed := make([][]int64, len(messages))
	for i, message := range messages {
		placed[i] = []int64{int64(message.Partition), message.Offset}
	}
	return lines.Answer{"placed": placed}, nil
}

func toProduce(topic string, record lines.Record) *sarama.ProducerMessage {
	message := &sarama.ProducerMessage{Topic: topic, Partition: unplaced}
	// An Encoder that is nil is null; one around nothing would be empty.
	if record.Key != nil {
		message.Key = sarama.ByteEncoder(record.Key)
	}
	if record.Value != nil {
		message.Value = sarama.ByteEncoder(record.Value)
	}
	if record.Partition != nil {
		message.Partition = *record.Partition
	}
	if record.Timestamp != nil {
		message.Timestamp = time.UnixMilli(*record.Timestamp)
	}
	for _, header := range record.Headers {
		message.Headers = append(message.Headers, sarama.RecordHeader{
			Key: []byte(header.Name), Value: header.Value,
		})
	}
	return message
}

func fromRead(message *sarama.ConsumerMessage) lines.Record {
	made := lines.NewRecord(
		message.Partition, message.Offset, message.Timestamp.UnixMilli(), message.Key, message.Value,
	)
	for _, header := range message.Headers {
		made.Headers = append(made.Headers, lines.Header{
			Name: string(header.Key), Value: header.Value,
		})
	}
	return made
}

func (c client) consume(request *lines.Request) (answer lines.Answer, err error) {
	consumer, err := sarama.NewConsumer(c.addresses, settings())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, consumer.Close()) }()
	messages := make(chan *sarama.ConsumerMessage)
	failures := make(chan error)
	ended := make(chan struct{})
	for _, position := range request.From {
		partition, err := consumer.ConsumePartition(request.Topic, position.Partition, position.At)
		if err != nil {
			close(ended)
			return nil, err
		}
		defer partition.AsyncClose()
		go forward(partition, messages, failures, ended)
	}
	defer close(ended)
	records := []lines.Record{}
	deadline := time.After(time.Duration(request.TimeoutMs) * time.Millisecond)
	for len(records) < request.Count {
		select {
		case message := <-messages:
			records = append(records, fromRead(message))
		case err := <-failures:
			return nil, err
		case <-deadline:
			return lines.Answer{"records": records}, nil
		}
	}
	return lines.Answer{"records": records}, nil
}

// forward drains one partition until it is closed, into the reader while there is one.
func forward(
	partition sarama.PartitionConsumer,
	messages chan<- *sarama.ConsumerMessage, failures chan<- error, ended <-chan struct{},
) {
	read, failed := partition.Messages(), partition.Errors()
	for read != nil || failed != nil {
		select {
		case message, isOpen := <-read:
			if !isOpen {
				read = nil
				continue
			}
			select {
			case messages <- message:
			case <-ended:
			}
		case failure, isOpen := <-failed:
			if !isOpen {
				failed = nil
				continue
			}
			select {
			case failures <- failure:
			case <-ended:
			}
		}
	}
}

// placing obeys a partition named in the record and leaves the others to the library's partitioner.
type placing struct{ others sarama.Partitioner }

func (p placing) RequiresConsistency() bool { return true }

func (p placing) MessageRequiresConsistency(message *sarama.ProducerMessage) bool {
	return message.Partition != unplaced || message.Key != nil
}

func (p placing) Partition(message *sarama.ProducerMessage, total int32) (int32, error) {
	if message.Partition != unplaced {
		return message.Partition, nil
	}
	return p.others.Partition(message, total)
}
