package main

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"matrix/lines"
)

func committed(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	found, err := admin.FetchOffsets(ctx, request.Group)
	if err != nil {
		return nil, err
	}
	offsets := [][]any{}
	for _, partition := range request.Partitions.List {
		one, isThere := found.Lookup(request.Topic, partition)
		switch {
		case !isThere:
			offsets = append(offsets, []any{partition, -1, nil})
		case one.Err != nil:
			return nil, one.Err
		default:
			offsets = append(offsets, []any{partition, one.At, one.Metadata})
		}
	}
	return lines.Answer{"offsets": offsets}, nil
}

func times(ctx context.Context, admin *kadm.Client, request *lines.Request) (lines.Answer, error) {
	offsets := [][]int64{}
	for _, asked := range request.Times {
		listed, err := admin.ListOffsetsAfterMilli(ctx, asked.At, request.Topic)
		if err != nil {
			return nil, err
		}
		one, err := listedOne(listed, request.Topic, asked.Partition)
		if err != nil {
			return nil, err
		}
		// kadm gives the end of the log, without a timestamp, where the broker says -1.
		if one.Timestamp == -1 {
			one.Offset = -1
		}
		offsets = append(offsets, []int64{int64(asked.Partition), one.Offset})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func ends(ctx context.Context, admin *kadm.Client, request *lines.Request) (lines.Answer, error) {
	earliest, err := admin.ListStartOffsets(ctx, request.Topic)
	if err != nil {
		return nil, err
	}
	latest, err := admin.ListEndOffsets(ctx, request.Topic)
	if err != nil {
		return nil, err
	}
	offsets := [][]int64{}
	for _, partition := range request.Partitions.List {
		first, err := listedOne(earliest, request.Topic, partition)
		if err != nil {
			return nil, err
		}
		last, err := listedOne(latest, request.Topic, partition)
		if err != nil {
			return nil, err
		}
		offsets = append(offsets, []int64{int64(partition), first.Offset, last.Offset})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func listedOne(
	listed kadm.ListedOffsets, topic string, partition int32,
) (kadm.ListedOffset, error) {
	if err := listed.Error(); err != nil {
		return kadm.ListedOffset{}, err
	}
	one, isThere := listed.Lookup(topic, partition)
	if !isThere {
		return one, fmt.Errorf("nothing was listed for %s-%d", topic, partition)
	}
	return one, nil
}

func createTopic(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	configs := map[string]*string{}
	for name, value := range request.Configs {
		configs[name] = kadm.StringPtr(value)
	}
	_, err := admin.CreateTopic(ctx, request.Partitions.Count, 1, configs, request.Topic)
	return nil, err
}

func describeTopic(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	details, err := admin.ListTopics(ctx, request.Topic)
	if err != nil {
		return nil, err
	}
	if err := details[request.Topic].Err; err != nil {
		return nil, err
	}
	leaders := []int32{}
	for _, partition := range details[request.Topic].Partitions.Sorted() {
		leaders = append(leaders, partition.Leader)
	}
	return lines.Answer{"partitions": len(leaders), "leaders": leaders}, nil
}

func listTopics(ctx context.Context, admin *kadm.Client, _ *lines.Request) (lines.Answer, error) {
	details, err := admin.ListTopics(ctx)
	return lines.Answer{"topics": details.Names()}, err
}

func topicConfigs(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	described, err := admin.DescribeTopicConfigs(ctx, request.Topic)
	if err != nil {
		return nil, err
	}
	resource, err := described.On(request.Topic, nil)
	if err != nil {
		return nil, err
	}
	if resource.Err != nil {
		return nil, resource.Err
	}
	all, configs := map[string]string{}, map[string]string{}
	for _, config := range resource.Configs {
		all[config.Key] = config.MaybeValue()
	}
	for _, name := range request.Names {
		if value, isThere := all[name]; isThere {
			configs[name] = value
		}
	}
	return lines.Answer{"configs": configs}, nil
}

func alterConfigs(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	changes := []kadm.AlterConfig{}
	for name, value := range request.Configs {
		changes = append(changes, kadm.AlterConfig{
			Op: kadm.SetConfig, Name: name, Value: kadm.StringPtr(value),
		})
	}
	altered, err := admin.AlterTopicConfigs(ctx, changes, request.Topic)
	if err != nil {
		return nil, err
	}
	for _, one := range altered {
		if one.Err != nil {
			return nil, one.Err
		}
	}
	return nil, nil
}

func addPartitions(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	changed, err := admin.UpdatePartitions(ctx, int(request.Total), request.Topic)
	if err != nil {
		return nil, err
	}
	return nil, changed.Error()
}

func deleteTopic(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	_, err := admin.DeleteTopic(ctx, request.Topic)
	return nil, err
}

func deleteRecords(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	offsets := kadm.Offsets{}
	for _, position := range request.Offsets {
		offsets.AddOffset(request.Topic, position.Partition, position.At, -1)
	}
	deleted, err := admin.DeleteRecords(ctx, offsets)
	if err != nil {
		return nil, err
	}
	return nil, deleted.Error()
}

func listGroups(ctx context.Context, admin *kadm.Client, _ *lines.Request) (lines.Answer, error) {
	listed, err := admin.ListGroups(ctx)
	return lines.Answer{"groups": listed.Groups()}, err
}

func describeGroup(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	described, err := admin.DescribeGroups(ctx, request.Group)
	if err != nil {
		return nil, err
	}
	group, isThere := described[request.Group]
	if !isThere {
		return nil, kerr.GroupIDNotFound
	}
	if group.Err != nil {
		return nil, group.Err
	}
	return lines.Answer{"state": group.State, "members": len(group.Members)}, nil
}

func deleteGroup(
	ctx context.Context, admin *kadm.Client, request *lines.Request,
) (lines.Answer, error) {
	_, err := admin.DeleteGroup(ctx, request.Group)
	return nil, err
}
