package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"matrix/lines"
)

// member uses ConsumerGroup, the layer below Reader, which tells what is assigned; it reads each
// partition with a Reader.
type member struct {
	client client
	topic  string
	group  *kafka.ConsumerGroup
	inbox  *lines.Inbox
	cancel context.CancelFunc
	ended  chan struct{}

	lock       sync.Mutex
	generation *kafka.Generation
}

func (c client) join(request *lines.Request) (lines.Member, error) {
	group, err := kafka.NewConsumerGroup(kafka.ConsumerGroupConfig{
		ID:                request.Group,
		Brokers:           []string{c.text},
		Topics:            []string{request.Topic},
		GroupBalancers:    []kafka.GroupBalancer{kafka.RangeGroupBalancer{}},
		StartOffset:       kafka.FirstOffset,
		SessionTimeout:    6 * time.Second,
		HeartbeatInterval: 500 * time.Millisecond,
		RebalanceTimeout:  10 * time.Second,
		JoinGroupBackoff:  250 * time.Millisecond,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	m := &member{
		client: c, topic: request.Topic, group: group,
		inbox: lines.NewInbox(), cancel: cancel, ended: make(chan struct{}),
	}
	go m.run(ctx)
	return m, nil
}

// run takes up one generation after the other; the library joins by itself.
func (m *member) run(ctx context.Context) {
	defer close(m.ended)
	for ctx.Err() == nil {
		generation, err := m.group.Next(ctx)
		if err != nil {
			continue
		}
		assigned := generation.Assignments[m.topic]
		for _, assignment := range assigned {
			m.inbox.Own(int32(assignment.ID))
		}
		m.set(generation)
		generation.Start(func(ended context.Context) {
			<-ended.Done()
			m.set(nil)
			m.inbox.DisownAll()
		})
		for _, assignment := range assigned {
			generation.Start(func(ended context.Context) { m.read(ended, assignment) })
		}
	}
}

func (m *member) set(generation *kafka.Generation) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.generation = generation
}

// read ends with the generation: a generation ends with the first of its functions.
func (m *member) read(ctx context.Context, assignment kafka.PartitionAssignment) {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{m.client.text}, Topic: m.topic, Partition: assignment.ID,
		MinBytes: 1, MaxBytes: maxBytes, MaxWait: 250 * time.Millisecond,
	})
	defer reader.Close()
	if err := reader.SetOffset(assignment.Offset); err != nil {
		return
	}
	for m.inbox.WaitForRoom(ctx) {
		message, err := reader.ReadMessage(ctx)
		if err != nil {
			return
		}
		m.inbox.Put(fromMessage(message))
	}
}

func (m *member) Inbox() *lines.Inbox { return m.inbox }

// Commit asks Client as this member: Generation.CommitOffsets knows no metadata.
func (m *member) Commit(topic string, offsets []lines.Position) error {
	m.lock.Lock()
	generation := m.generation
	m.lock.Unlock()
	if generation == nil {
		return errors.New("not in a generation: the group is rebalancing")
	}
	commits := make([]kafka.OffsetCommit, len(offsets))
	for i, position := range offsets {
		commits[i] = kafka.OffsetCommit{
			Partition: int(position.Partition), Offset: position.At, Metadata: position.MetadataOf(),
		}
	}
	_, err := m.client.asked(
		func(ctx context.Context, asking *kafka.Client, _ *lines.Request) (lines.Answer, error) {
			reply, err := asking.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
				GroupID: generation.GroupID, GenerationID: int(generation.ID),
				MemberID: generation.MemberID, Topics: map[string][]kafka.OffsetCommit{topic: commits},
			})
			if err != nil {
				return nil, err
			}
			for _, partition := range reply.Topics[topic] {
				if partition.Error != nil {
					return nil, partition.Error
				}
			}
			return nil, nil
		})(nil)
	return err
}

func (m *member) Leave() error {
	m.cancel()
	<-m.ended
	return m.group.Close()
}
