package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/segmentio/kafka-go"

	"matrix/lines"
)

func committed(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	asked := make([]int, len(request.Partitions.List))
	for i, partition := range request.Partitions.List {
		asked[i] = int(partition)
	}
	reply, err := asking.OffsetFetch(ctx, &kafka.OffsetFetchRequest{
		GroupID: request.Group, Topics: map[string][]int{request.Topic: asked},
	})
	if err == nil {
		err = reply.Error
	}
	if err != nil {
		return nil, err
	}
	offsets := [][]any{}
	for _, partition := range reply.Topics[request.Topic] {
		if partition.Error != nil {
			return nil, partition.Error
		}
		offsets = append(offsets, []any{
			partition.Partition, partition.CommittedOffset, partition.Metadata,
		})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func times(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	offsets := [][]int64{}
	for _, position := range request.Times {
		// Not TimeOffsetOf: it counts in nanoseconds, which do not reach beyond the year 2262.
		at := kafka.OffsetRequest{Partition: int(position.Partition), Timestamp: position.At}
		listed, err := list(ctx, asking, request.Topic, at)
		if err != nil {
			return nil, err
		}
		offset := int64(-1)
		for found := range listed.Offsets {
			offset = found
		}
		offsets = append(offsets, []int64{int64(position.Partition), offset})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func ends(ctx context.Context, asking *kafka.Client, request *lines.Request) (lines.Answer, error) {
	offsets := [][]int64{}
	for _, partition := range request.Partitions.List {
		first, err := list(ctx, asking, request.Topic, kafka.FirstOffsetOf(int(partition)))
		if err != nil {
			return nil, err
		}
		last, err := list(ctx, asking, request.Topic, kafka.LastOffsetOf(int(partition)))
		if err != nil {
			return nil, err
		}
		offsets = append(offsets, []int64{int64(partition), first.FirstOffset, last.LastOffset})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func list(
	ctx context.Context, asking *kafka.Client, topic string, asked kafka.OffsetRequest,
) (kafka.PartitionOffsets, error) {
	reply, err := asking.ListOffsets(ctx, &kafka.ListOffsetsRequest{
		Topics: map[string][]kafka.OffsetRequest{topic: {asked}},
	})
	if err != nil {
		return kafka.PartitionOffsets{}, err
	}
	for _, partition := range reply.Topics[topic] {
		if partition.Partition == asked.Partition {
			return partition, partition.Error
		}
	}
	return kafka.PartitionOffsets{}, fmt.Errorf("nothing was listed for %s-%d", topic, asked.Partition)
}

func createTopic(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	config := kafka.TopicConfig{
		Topic: request.Topic, NumPartitions: int(request.Partitions.Count), ReplicationFactor: 1,
	}
	for name, value := range request.Configs {
		config.ConfigEntries = append(config.ConfigEntries, kafka.ConfigEntry{
			ConfigName: name, ConfigValue: value,
		})
	}
	reply, err := asking.CreateTopics(ctx, &kafka.CreateTopicsRequest{
		Topics: []kafka.TopicConfig{config},
	})
	if err != nil {
		return nil, err
	}
	return nil, reply.Errors[request.Topic]
}

func describeTopic(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	reply, err := asking.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{request.Topic}})
	if err != nil {
		return nil, err
	}
	topic := reply.Topics[0]
	if topic.Error != nil {
		return nil, topic.Error
	}
	leaders := make([]int, len(topic.Partitions))
	for _, partition := range topic.Partitions {
		leaders[partition.ID] = partition.Leader.ID
	}
	return lines.Answer{"partitions": len(leaders), "leaders": leaders}, nil
}

func listTopics(ctx context.Context, asking *kafka.Client, _ *lines.Request) (lines.Answer, error) {
	reply, err := asking.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return nil, err
	}
	topics := []string{}
	for _, topic := range reply.Topics {
		topics = append(topics, topic.Name)
	}
	return lines.Answer{"topics": topics}, nil
}

func topicConfigs(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	reply, err := asking.DescribeConfigs(ctx, &kafka.DescribeConfigsRequest{
		Resources: []kafka.DescribeConfigRequestResource{{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: request.Topic,
			ConfigNames: request.Names,
		}},
	})
	if err != nil {
		return nil, err
	}
	configs := map[string]string{}
	for _, resource := range reply.Resources {
		if resource.Error != nil {
			return nil, resource.Error
		}
		for _, entry := range resource.ConfigEntries {
			if slices.Contains(request.Names, entry.ConfigName) {
				configs[entry.ConfigName] = entry.ConfigValue
			}
		}
	}
	return lines.Answer{"configs": configs}, nil
}

func alterConfigs(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	changes := []kafka.IncrementalAlterConfigsRequestConfig{}
	for name, value := range request.Configs {
		changes = append(changes, kafka.IncrementalAlterConfigsRequestConfig{
			Name: name, Value: value, ConfigOperation: kafka.ConfigOperationSet,
		})
	}
	reply, err := asking.IncrementalAlterConfigs(ctx, &kafka.IncrementalAlterConfigsRequest{
		Resources: []kafka.IncrementalAlterConfigsRequestResource{{
			ResourceType: kafka.ResourceTypeTopic, ResourceName: request.Topic, Configs: changes,
		}},
	})
	if err != nil {
		return nil, err
	}
	return nil, reply.Resources[0].Error
}

func addPartitions(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	reply, err := asking.CreatePartitions(ctx, &kafka.CreatePartitionsRequest{
		Topics: []kafka.TopicPartitionsConfig{{Name: request.Topic, Count: request.Total}},
	})
	if err != nil {
		return nil, err
	}
	return nil, reply.Errors[request.Topic]
}

func deleteTopic(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	reply, err := asking.DeleteTopics(ctx, &kafka.DeleteTopicsRequest{
		Topics: []string{request.Topic},
	})
	if err != nil {
		return nil, err
	}
	return nil, reply.Errors[request.Topic]
}

func listGroups(ctx context.Context, asking *kafka.Client, _ *lines.Request) (lines.Answer, error) {
	reply, err := asking.ListGroups(ctx, &kafka.ListGroupsRequest{})
	if err == nil {
		err = reply.Error
	}
	if err != nil {
		return nil, err
	}
	groups := []string{}
	for _, group := range reply.Groups {
		groups = append(groups, group.GroupID)
	}
	return lines.Answer{"groups": groups}, nil
}

func describeGroup(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	reply, err := asking.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{
		GroupIDs: []string{request.Group},
	})
	if err != nil {
		return nil, err
	}
	group := reply.Groups[0]
	if group.Error != nil {
		return nil, group.Error
	}
	return lines.Answer{"state": group.GroupState, "members": len(group.Members)}, nil
}

func deleteGroup(
	ctx context.Context, asking *kafka.Client, request *lines.Request,
) (lines.Answer, error) {
	reply, err := asking.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{
		GroupIDs: []string{request.Group},
	})
	if err != nil {
		return nil, err
	}
	return nil, reply.Errors[request.Group]
}
