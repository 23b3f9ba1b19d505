package main

import (
	"errors"
	"slices"

	"github.com/IBM/sarama"

	"matrix/lines"
)

func committed(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	asked := map[string][]int32{request.Topic: request.Partitions.List}
	found, err := admin.ListConsumerGroupOffsets(request.Group, asked)
	if err != nil {
		return nil, err
	}
	offsets := [][]any{}
	for _, partition := range request.Partitions.List {
		block := blockOf(found, request.Group, request.Topic, partition)
		if block == nil {
			offsets = append(offsets, []any{partition, -1, nil})
			continue
		}
		if block.Err != sarama.ErrNoError {
			return nil, block.Err
		}
		offsets = append(offsets, []any{partition, block.Offset, block.Metadata})
	}
	return lines.Answer{"offsets": offsets}, nil
}

// blockOf finds a partition in either form of the response.
func blockOf(
	found *sarama.OffsetFetchResponse, group, topic string, partition int32,
) *sarama.OffsetFetchResponseBlock {
	if block := found.GetBlock(topic, partition); block != nil {
		return block
	}
	return found.GetGroupBlock(group, topic, partition)
}

func times(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	offsets := [][]int64{}
	for _, asked := range request.Times {
		offset, err := offsetAt(admin, request.Topic, asked.Partition, asked.At)
		if err != nil {
			return nil, err
		}
		offsets = append(offsets, []int64{int64(asked.Partition), offset})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func ends(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	offsets := [][]int64{}
	for _, partition := range request.Partitions.List {
		earliest, err := offsetAt(admin, request.Topic, partition, sarama.OffsetOldest)
		if err != nil {
			return nil, err
		}
		latest, err := offsetAt(admin, request.Topic, partition, sarama.OffsetNewest)
		if err != nil {
			return nil, err
		}
		offsets = append(offsets, []int64{int64(partition), earliest, latest})
	}
	return lines.Answer{"offsets": offsets}, nil
}

func offsetAt(admin sarama.ClusterAdmin, topic string, partition int32, at int64) (int64, error) {
	listed, err := admin.ListOffsets(map[string]map[int32]int64{topic: {partition: at}}, nil)
	if err != nil {
		return 0, err
	}
	one := listed[topic][partition]
	if one == nil {
		return 0, sarama.ErrIncompleteResponse
	}
	if one.Err != nil && !errors.Is(one.Err, sarama.ErrNoError) {
		return 0, one.Err
	}
	return one.Offset, nil
}

func createTopic(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	configs := map[string]*string{}
	for name, value := range request.Configs {
		configs[name] = &value
	}
	return nil, admin.CreateTopic(request.Topic, &sarama.TopicDetail{
		NumPartitions: request.Partitions.Count, ReplicationFactor: 1, ConfigEntries: configs,
	}, false)
}

func describeTopic(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	described, err := admin.DescribeTopics([]string{request.Topic})
	if err != nil {
		return nil, err
	}
	topic := described[0]
	if topic.Err != sarama.ErrNoError {
		return nil, topic.Err
	}
	leaders := make([]int32, len(topic.Partitions))
	for _, partition := range topic.Partitions {
		leaders[partition.ID] = partition.Leader
	}
	return lines.Answer{"partitions": len(leaders), "leaders": leaders}, nil
}

func listTopics(admin sarama.ClusterAdmin, _ *lines.Request) (lines.Answer, error) {
	listed, err := admin.ListTopics()
	topics := []string{}
	for name := range listed {
		topics = append(topics, name)
	}
	return lines.Answer{"topics": topics}, err
}

func topicConfigs(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	entries, err := admin.DescribeConfig(sarama.ConfigResource{
		Type: sarama.TopicResource, Name: request.Topic, ConfigNames: request.Names,
	})
	configs := map[string]string{}
	for _, entry := range entries {
		if slices.Contains(request.Names, entry.Name) {
			configs[entry.Name] = entry.Value
		}
	}
	return lines.Answer{"configs": configs}, err
}

func alterConfigs(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	changes := map[string]sarama.IncrementalAlterConfigsEntry{}
	for name, value := range request.Configs {
		changes[name] = sarama.IncrementalAlterConfigsEntry{
			Operation: sarama.IncrementalAlterConfigsOperationSet, Value: &value,
		}
	}
	return nil, admin.IncrementalAlterConfig(sarama.TopicResource, request.Topic, changes, false)
}

func addPartitions(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	return nil, admin.CreatePartitions(request.Topic, request.Total, nil, false)
}

func deleteTopic(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	return nil, admin.DeleteTopic(request.Topic)
}

func deleteRecords(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	offsets := map[int32]int64{}
	for _, position := range request.Offsets {
		offsets[position.Partition] = position.At
	}
	return nil, admin.DeleteRecords(request.Topic, offsets)
}

func listGroups(admin sarama.ClusterAdmin, _ *lines.Request) (lines.Answer, error) {
	listed, err := admin.ListConsumerGroups()
	groups := []string{}
	for name := range listed {
		groups = append(groups, name)
	}
	return lines.Answer{"groups": groups}, err
}

func describeGroup(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	described, err := admin.DescribeConsumerGroups([]string{request.Group})
	if err != nil {
		return nil, err
	}
	group := described[0]
	if group.Err != sarama.ErrNoError {
		return nil, group.Err
	}
	return lines.Answer{"state": group.State, "members": len(group.Members)}, nil
}

func deleteGroup(admin sarama.ClusterAdmin, request *lines.Request) (lines.Answer, error) {
	return nil, admin.DeleteConsumerGroup(request.Group)
}
