package main

import (
	"context"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"matrix/lines"
)

type member struct {
	client *kgo.Client
	inbox  *lines.Inbox
	cancel context.CancelFunc
	ended  chan struct{}
}

func (c client) join(request *lines.Request) (lines.Member, error) {
	m := &member{inbox: lines.NewInbox(), ended: make(chan struct{})}
	forget := func(_ context.Context, _ *kgo.Client, lost map[string][]int32) {
		m.inbox.Disown(lost[request.Topic]...)
	}
	opened, err := c.open(
		kgo.ConsumerGroup(request.Group),
		kgo.ConsumeTopics(request.Topic),
		kgo.Balancers(kgo.RangeBalancer()),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
		kgo.SessionTimeout(6*time.Second),
		kgo.HeartbeatInterval(500*time.Millisecond),
		kgo.RebalanceTimeout(10*time.Second),
		kgo.FetchMaxPartitionBytes(maxBytes),
		kgo.FetchMaxWait(250*time.Millisecond),
		// A poll and a revocation exclude each other, so nothing that is lost gets into the inbox.
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(
			func(_ context.Context, _ *kgo.Client, gained map[string][]int32) {
				m.inbox.Own(gained[request.Topic]...)
			},
		),
		kgo.OnPartitionsRevoked(forget),
		kgo.OnPartitionsLost(forget),
	)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.client, m.cancel = opened, cancel
	go m.read(ctx)
	return m, nil
}

func (m *member) read(ctx context.Context) {
	defer close(m.ended)
	for m.inbox.WaitForRoom(ctx) {
		fetches := m.client.PollRecords(ctx, 1000)
		fetches.EachRecord(func(record *kgo.Record) { m.inbox.Put(fromRead(record)) })
		m.client.AllowRebalance()
	}
}

func (m *member) Inbox() *lines.Inbox { return m.inbox }

func (m *member) Commit(topic string, offsets []lines.Position) error {
	ctx, cancel := context.WithTimeout(context.Background(), verbTimeout)
	defer cancel()
	heads, metadata := map[int32]kgo.EpochOffset{}, map[int32]string{}
	for _, position := range offsets {
		heads[position.Partition] = kgo.EpochOffset{Epoch: -1, Offset: position.At}
		metadata[position.Partition] = position.MetadataOf()
	}
	ctx = kgo.PreCommitFnContext(ctx, func(commit *kmsg.OffsetCommitRequest) error {
		for t := range commit.Topics {
			for p := range commit.Topics[t].Partitions {
				partition := &commit.Topics[t].Partitions[p]
				partition.Metadata = kmsg.StringPtr(metadata[partition.Partition])
			}
		}
		return nil
	})
	var failure error
	m.client.CommitOffsetsSync(ctx, map[string]map[int32]kgo.EpochOffset{topic: heads},
		func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, reply *kmsg.OffsetCommitResponse, err error) {
			failure = err
			if reply == nil {
				return
			}
			for _, topic := range reply.Topics {
				for _, partition := range topic.Partitions {
					if failure == nil {
						failure = kerr.ErrorForCode(partition.ErrorCode)
					}
				}
			}
		})
	return failure
}

func (m *member) Leave() error {
	m.cancel()
	<-m.ended
	m.client.CloseAllowingRebalance()
	return nil
}
