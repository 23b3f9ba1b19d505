//! The verbs that ask and change topics, offsets and groups, each with a client of its own.
use std::collections::BTreeMap;

use futures_executor::block_on;
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, ConfigResource, ConfigSource, NewPartitions, NewTopic,
    ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};
use serde_json::json;

use crate::lines::{Answer, Failure, Request};
use crate::{consumer_settings, settings, VERB_TIMEOUT};

type Admin = AdminClient<DefaultClientContext>;

pub fn run(address: &str, request: &Request) -> Answer {
    // Not a producer's client: asking for a topic with one creates it.
    let asking = |group: &str| -> Result<BaseConsumer, Failure> {
        Ok(consumer_settings(address, group).create()?)
    };
    let admin = || -> Result<Admin, Failure> { Ok(settings(address).create()?) };
    match request.verb() {
        "committed" => committed(asking(request.text("group"))?, request),
        "times" => times(asking("matrix")?, request),
        "ends" => ends(asking("matrix")?, request),
        "describeTopic" => describe_topic(asking("matrix")?, request),
        "listTopics" => list_topics(asking("matrix")?),
        "listGroups" => list_groups(asking("matrix")?),
        "describeGroup" => describe_group(asking("matrix")?, request),
        "createTopic" => create_topic(admin()?, request),
        "topicConfigs" => topic_configs(admin()?, request),
        "alterConfigs" => alter_configs(admin()?, request),
        "addPartitions" => add_partitions(admin()?, request),
        "deleteTopic" => {
            let topics = [request.text("topic")];
            only(block_on(admin()?.delete_topics(&topics, &options()))?)
        }
        "deleteRecords" => delete_records(admin()?, request),
        "deleteGroup" => {
            let groups = [request.text("group")];
            only(block_on(admin()?.delete_groups(&groups, &options()))?)
        }
        verb => Err(format!("this program does not know the verb {verb}").into()),
    }
}

fn options() -> AdminOptions {
    AdminOptions::new()
        .request_timeout(Some(VERB_TIMEOUT))
        .operation_timeout(Some(VERB_TIMEOUT))
}

/// The outcome of an operation on one topic or group.
fn only(outcomes: Vec<Result<String, (String, RDKafkaErrorCode)>>) -> Answer {
    match outcomes.into_iter().next() {
        Some(Ok(_)) => Ok(json!({})),
        Some(Err((_, code))) => Err(code.into()),
        None => Err("the answer is empty".to_owned().into()),
    }
}

fn committed(asking: BaseConsumer, request: &Request) -> Answer {
    let mut asked = TopicPartitionList::new();
    for partition in request.partitions() {
        asked.add_partition(request.text("topic"), partition);
    }
    let found = asking.committed_offsets(asked, VERB_TIMEOUT)?;
    let mut offsets = Vec::new();
    for one in found.elements() {
        one.error()?;
        offsets.push(match one.offset() {
            Offset::Offset(offset) => json!([one.partition(), offset, one.metadata()]),
            _ => json!([one.partition(), -1, null]),
        });
    }
    Ok(json!({ "offsets": offsets }))
}

fn times(asking: BaseConsumer, request: &Request) -> Answer {
    let mut offsets = Vec::new();
    // One at a time: a list has a partition only once.
    for (partition, at, _) in request.positions("times") {
        let mut asked = TopicPartitionList::new();
        asked.add_partition_offset(request.text("topic"), partition, Offset::Offset(at))?;
        for one in asking.offsets_for_times(asked, VERB_TIMEOUT)?.elements() {
            one.error()?;
            offsets.push(match one.offset() {
                Offset::Offset(offset) => json!([partition, offset]),
                _ => json!([partition, -1]),
            });
        }
    }
    Ok(json!({ "offsets": offsets }))
}

fn ends(asking: BaseConsumer, request: &Request) -> Answer {
    let mut offsets = Vec::new();
    for partition in request.partitions() {
        let topic = request.text("topic");
        let (earliest, latest) = asking.fetch_watermarks(topic, partition, VERB_TIMEOUT)?;
        offsets.push(json!([partition, earliest, latest]));
    }
    Ok(json!({ "offsets": offsets }))
}

fn describe_topic(asking: BaseConsumer, request: &Request) -> Answer {
    let metadata = asking.fetch_metadata(Some(request.text("topic")), VERB_TIMEOUT)?;
    let topic = &metadata.topics()[0];
    if let Some(error) = topic.error() {
        return Err(RDKafkaErrorCode::from(error).into());
    }
    let leaders: BTreeMap<i32, i32> = topic
        .partitions()
        .iter()
        .map(|one| (one.id(), one.leader()))
        .collect();
    let leaders: Vec<i32> = leaders.into_values().collect();
    Ok(json!({ "partitions": leaders.len(), "leaders": leaders }))
}

fn list_topics(asking: BaseConsumer) -> Answer {
    let metadata = asking.fetch_metadata(None, VERB_TIMEOUT)?;
    let topics: Vec<&str> = metadata.topics().iter().map(|topic| topic.name()).collect();
    Ok(json!({ "topics": topics }))
}

fn list_groups(asking: BaseConsumer) -> Answer {
    let listed = asking.fetch_group_list(None, VERB_TIMEOUT)?;
    let groups: Vec<&str> = listed.groups().iter().map(|group| group.name()).collect();
    Ok(json!({ "groups": groups }))
}

fn describe_group(asking: BaseConsumer, request: &Request) -> Answer {
    let group = request.text("group");
    let listed = asking.fetch_group_list(Some(group), VERB_TIMEOUT)?;
    match listed.groups().iter().find(|one| one.name() == group) {
        Some(found) => Ok(json!({ "state": found.state(), "members": found.members().len() })),
        None => Err(format!("group {group} is not listed").into()),
    }
}

fn create_topic(admin: Admin, request: &Request) -> Answer {
    let partitions = request.number("partitions") as i32;
    let mut topic = NewTopic::new(
        request.text("topic"),
        partitions,
        TopicReplication::Fixed(1),
    );
    for (name, value) in request.configs() {
        topic = topic.set(name, value);
    }
    only(block_on(admin.create_topics([&topic], &options()))?)
}

fn described(admin: &Admin, topic: &str) -> Result<ConfigResource, Failure> {
    let asked = [ResourceSpecifier::Topic(topic)];
    match block_on(admin.describe_configs(&asked, &options()))?
        .into_iter()
        .next()
    {
        Some(outcome) => Ok(outcome?),
        None => Err("the answer is empty".to_owned().into()),
    }
}

fn topic_configs(admin: Admin, request: &Request) -> Answer {
    let resource = described(&admin, request.text("topic"))?;
    let mut configs = json!({});
    for name in request.list("names") {
        let name = name.as_str().expect("a name is a string");
        if let Some(value) = resource.get(name).and_then(|entry| entry.value.as_deref()) {
            configs[name] = value.into();
        }
    }
    Ok(json!({ "configs": configs }))
}

/// The crate has only the call that replaces all settings of a topic, so the others are sent along.
/// It reports every resource as altered, also one whose settings the broker refused (0.39.0,
/// AlterConfigsFuture does not look at the error of a resource).
fn alter_configs(admin: Admin, request: &Request) -> Answer {
    let topic = request.text("topic");
    let resource = described(&admin, topic)?;
    let mut all: BTreeMap<&str, &str> = resource
        .entries
        .iter()
        .filter(|entry| entry.source == ConfigSource::DynamicTopic)
        .filter_map(|entry| Some((entry.name.as_str(), entry.value.as_deref()?)))
        .collect();
    all.extend(request.configs());
    let mut change = AlterConfig::new(ResourceSpecifier::Topic(topic));
    for (name, value) in all {
        change = change.set(name, value);
    }
    match block_on(admin.alter_configs([&change], &options()))?
        .into_iter()
        .next()
    {
        Some(Ok(_)) => Ok(json!({})),
        Some(Err((_, code))) => Err(code.into()),
        None => Err("the answer is empty".to_owned().into()),
    }
}

fn add_partitions(admin: Admin, request: &Request) -> Answer {
    let more = NewPartitions::new(request.text("topic"), request.number("total") as usize);
    only(block_on(admin.create_partitions([&more], &options()))?)
}

fn delete_records(admin: Admin, request: &Request) -> Answer {
    let mut before = TopicPartitionList::new();
    for (partition, at, _) in request.positions("offsets") {
        before.add_partition_offset(request.text("topic"), partition, Offset::Offset(at))?;
    }
    for one in block_on(admin.delete_records(&before, &options()))?.elements() {
        one.error()?;
    }
    Ok(json!({}))
}
