package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/IBM/sarama"

	"matrix/lines"
)

type member struct {
	client client
	name   string
	topic  string
	group  sarama.ConsumerGroup
	inbox  *lines.Inbox
	cancel context.CancelFunc
	ended  chan struct{}

	lock    sync.Mutex
	session sarama.ConsumerGroupSession
	// The newest failure that the library reported in the background.
	failure error
}

func (c client) join(request *lines.Request) (lines.Member, error) {
	config := settings()
	config.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{
		sarama.NewBalanceStrategyRange(),
	}
	config.Consumer.Group.Rebalance.Timeout = 10 * time.Second
	config.Consumer.Group.Rebalance.Retry.Backoff = 250 * time.Millisecond
	config.Consumer.Group.Session.Timeout = 6 * time.Second
	config.Consumer.Group.Heartbeat.Interval = 500 * time.Millisecond
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Enable = false
	group, err := sarama.NewConsumerGroup(c.addresses, request.Group, config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	m := &member{
		client: c, name: request.Group, topic: request.Topic, group: group,
		inbox: lines.NewInbox(), cancel: cancel, ended: make(chan struct{}),
	}
	go m.watch()
	go m.read(ctx)
	return m, nil
}

func (m *member) watch() {
	for failure := range m.group.Errors() {
		m.lock.Lock()
		m.failure = failure
		m.lock.Unlock()
	}
}

// read joins again after every rebalance; a session ends with it.
func (m *member) read(ctx context.Context) {
	defer close(m.ended)
	for ctx.Err() == nil {
		err := m.group.Consume(ctx, []string{m.topic}, m)
		if errors.Is(err, sarama.ErrClosedConsumerGroup) {
			return
		}
	}
}

func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	m.lock.Lock()
	m.session = session
	m.lock.Unlock()
	m.inbox.Own(session.Claims()[m.topic]...)
	return nil
}

func (m *member) Cleanup(sarama.ConsumerGroupSession) error {
	m.lock.Lock()
	m.session = nil
	m.lock.Unlock()
	m.inbox.DisownAll()
	return nil
}

func (m *member) ConsumeClaim(
	session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim,
) error {
	for m.inbox.WaitForRoom(session.Context()) {
		select {
		case message, isOpen := <-claim.Messages():
			if !isOpen {
				return nil
			}
			m.inbox.Put(fromRead(message))
		case <-session.Context().Done():
			return nil
		}
	}
	return nil
}

func (m *member) Inbox() *lines.Inbox { return m.inbox }

func (m *member) Commit(topic string, offsets []lines.Position) error {
	m.lock.Lock()
	session := m.session
	m.failure = nil
	m.lock.Unlock()
	if session == nil {
		return errors.New("not in a session: the group is rebalancing")
	}
	for _, position := range offsets {
		// The one goes forwards only, the other backwards only.
		session.MarkOffset(topic, position.Partition, position.At, position.MetadataOf())
		session.ResetOffset(topic, position.Partition, position.At, position.MetadataOf())
	}
	session.Commit()
	return m.verify(topic, offsets)
}

// verify looks at what was committed: the library reports a refusal only in the background.
func (m *member) verify(topic string, offsets []lines.Position) error {
	admin, err := sarama.NewClusterAdmin(m.client.addresses, settings())
	if err != nil {
		return err
	}
	defer admin.Close()
	partitions := make([]int32, len(offsets))
	for i, position := range offsets {
		partitions[i] = position.Partition
	}
	found, err := admin.ListConsumerGroupOffsets(m.name, map[string][]int32{topic: partitions})
	if err != nil {
		return err
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	for _, position := range offsets {
		block := blockOf(found, m.name, topic, position.Partition)
		if block != nil && block.Offset == position.At && block.Metadata == position.MetadataOf() {
			continue
		}
		if m.failure != nil {
			return m.failure
		}
		return fmt.Errorf("%s-%d was not committed", topic, position.Partition)
	}
	return nil
}

func (m *member) Leave() error {
	m.cancel()
	err := m.group.Close()
	<-m.ended
	return err
}
