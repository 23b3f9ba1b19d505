package lines

import (
	"context"
	"slices"
	"sync"
	"time"
)

// What a background consumer may have read ahead of the runner.
const inboxRecords = 10_000

// Inbox is the bounded queue between a background consumer and the runner's polls. It hands out
// only records of partitions that are owned at that moment.
type Inbox struct {
	lock    sync.Mutex
	owned   []int32
	records []Record
	// Closed and replaced at every change.
	changed chan struct{}
}

func NewInbox() *Inbox {
	return &Inbox{changed: make(chan struct{})}
}

// Own adds partitions.
func (i *Inbox) Own(partitions ...int32) {
	i.change(func() {
		i.owned = append(i.owned, partitions...)
		slices.Sort(i.owned)
		i.owned = slices.Compact(i.owned)
	})
}

// Disown takes partitions away, with their records that were not handed out.
func (i *Inbox) Disown(partitions ...int32) {
	i.change(func() {
		i.owned = slices.DeleteFunc(i.owned, func(partition int32) bool {
			return slices.Contains(partitions, partition)
		})
		i.records = slices.DeleteFunc(i.records, func(record Record) bool {
			return slices.Contains(partitions, *record.Partition)
		})
	})
}

// DisownAll forgets everything, as an eager rebalance does.
func (i *Inbox) DisownAll() {
	i.change(func() { i.owned, i.records = nil, nil })
}

func (i *Inbox) Owned() []int32 {
	i.lock.Lock()
	defer i.lock.Unlock()
	return append([]int32{}, i.owned...)
}

// WaitForRoom returns false when the context ended first.
func (i *Inbox) WaitForRoom(ctx context.Context) bool {
	for {
		i.lock.Lock()
		hasRoom, changed := len(i.records) < inboxRecords, i.changed
		i.lock.Unlock()
		if hasRoom {
			return ctx.Err() == nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

// Put keeps those records whose partition is owned.
func (i *Inbox) Put(records ...Record) {
	i.change(func() {
		for _, record := range records {
			if slices.Contains(i.owned, *record.Partition) {
				i.records = append(i.records, record)
			}
		}
	})
}

// Take waits until there are `count` records or the time is over.
func (i *Inbox) Take(count int, timeout time.Duration) []Record {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	for isLate := false; ; {
		i.lock.Lock()
		if len(i.records) >= count || isLate {
			break
		}
		changed := i.changed
		i.lock.Unlock()
		select {
		case <-changed:
		case <-deadline.C:
			isLate = true
		}
	}
	count = min(count, len(i.records))
	taken := append([]Record{}, i.records[:count]...)
	i.records = slices.Clone(i.records[count:])
	i.announce()
	i.lock.Unlock()
	return taken
}

func (i *Inbox) change(apply func()) {
	i.lock.Lock()
	defer i.lock.Unlock()
	apply()
	i.announce()
}

func (i *Inbox) announce() {
	close(i.changed)
	i.changed = make(chan struct{})
}
