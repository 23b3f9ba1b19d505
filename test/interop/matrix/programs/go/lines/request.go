// What the runner sends, as Go values. The protocol is described in test/interop/matrix/README.md.
package lines

import (
	"encoding/json"
	"fmt"
)

// Request has the members of every verb; those a verb has not got keep their zero values.
type Request struct {
	ID         int64             `json:"id"`
	Verb       string            `json:"verb"`
	Topic      string            `json:"topic"`
	Codec      string            `json:"codec"`
	Idempotent bool              `json:"idempotent"`
	Records    []Record          `json:"records"`
	From       []Position        `json:"from"`
	Count      int               `json:"count"`
	TimeoutMs  int64             `json:"timeoutMs"`
	Handle     string            `json:"handle"`
	Group      string            `json:"group"`
	Offsets    []Position        `json:"offsets"`
	Times      []Position        `json:"times"`
	Partitions Partitions        `json:"partitions"`
	Configs    map[string]string `json:"configs"`
	Names      []string          `json:"names"`
	Total      int32             `json:"total"`
}

// Record is one to produce or one that was read. Nil is Kafka's null, an empty slice is not.
type Record struct {
	Key       []byte   `json:"key"`
	Value     []byte   `json:"value"`
	Headers   []Header `json:"headers"`
	Timestamp *int64   `json:"timestamp"`
	Partition *int32   `json:"partition,omitempty"`
	Offset    *int64   `json:"offset,omitempty"`
}

// NewRecord is a record as it was read.
func NewRecord(partition int32, offset int64, timestamp int64, key, value []byte) Record {
	return Record{
		Key: key, Value: value, Headers: []Header{},
		Timestamp: &timestamp, Partition: &partition, Offset: &offset,
	}
}

// Header is [name, bytes-or-null].
type Header struct {
	Name  string
	Value []byte
}

func (h Header) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{h.Name, h.Value})
}

func (h *Header) UnmarshalJSON(text []byte) error {
	return unmarshalTuple(text, 2, &h.Name, &h.Value)
}

// Position is [partition, number] or [partition, number, metadata].
type Position struct {
	Partition int32
	// An offset, or a time where the verb asks for times.
	At       int64
	Metadata *string
}

func (p Position) MarshalJSON() ([]byte, error) {
	if p.Metadata == nil {
		return json.Marshal([]any{p.Partition, p.At})
	}
	return json.Marshal([]any{p.Partition, p.At, *p.Metadata})
}

func (p *Position) UnmarshalJSON(text []byte) error {
	return unmarshalTuple(text, 2, &p.Partition, &p.At, &p.Metadata)
}

// MetadataOf is what to commit when the request has null.
func (p Position) MetadataOf() string {
	if p.Metadata == nil {
		return ""
	}
	return *p.Metadata
}

// Partitions is a number of partitions or a list of them, as the verb has it.
type Partitions struct {
	Count int32
	List  []int32
}

func (p *Partitions) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &p.Count) == nil {
		return nil
	}
	return json.Unmarshal(text, &p.List)
}

func unmarshalTuple(text []byte, least int, into ...any) error {
	var members []json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	if len(members) < least || len(members) > len(into) {
		return fmt.Errorf("a tuple of %d members: %s", len(members), text)
	}
	for i, member := range members {
		if err := json.Unmarshal(member, into[i]); err != nil {
			return err
		}
	}
	return nil
}
