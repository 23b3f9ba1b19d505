//! `produce` and `consume`.
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Header, Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::{json, Value};

use crate::lines::{bytes, record, Answer, Request};
use crate::{consumer_settings, settings, MAX_BYTES, VERB_TIMEOUT};

type Placed = Result<(i32, i64), KafkaError>;

/// Where each record went, by its number in the request.
#[derive(Clone, Default)]
struct Deliveries(Arc<Mutex<Vec<(usize, Placed)>>>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, number: usize) {
        let placed = match result {
            Ok(message) => Ok((message.partition(), message.offset())),
            Err((error, _)) => Err(error.clone()),
        };
        self.0.lock().unwrap().push((number, placed));
    }
}

pub fn produce(address: &str, request: &Request) -> Answer {
    let deliveries = Deliveries::default();
    let producer: BaseProducer<Deliveries> = settings(address)
        .set("acks", "all")
        .set("linger.ms", "5")
        .set("compression.type", request.text("codec"))
        .set(
            "enable.idempotence",
            request.member("idempotent").to_string(),
        )
        .set("max.in.flight.requests.per.connection", "5")
        .set("message.max.bytes", MAX_BYTES)
        .set("message.timeout.ms", VERB_TIMEOUT.as_millis().to_string())
        .set("partitioner", "murmur2_random")
        // How long a topic may be unknown before that is the answer.
        .set("topic.metadata.propagation.max.ms", "3000")
        .create_with_context(deliveries.clone())?;
    for (number, one) in request.list("records").iter().enumerate() {
        send(&producer, request.text("topic"), one, number)?;
    }
    producer.flush(VERB_TIMEOUT)?;
    let mut delivered = std::mem::take(&mut *deliveries.0.lock().unwrap());
    delivered.sort_by_key(|(number, _)| *number);
    let placed: Result<Vec<_>, _> = delivered.into_iter().map(|(_, placed)| placed).collect();
    Ok(json!({ "placed": placed? }))
}

fn send(
    producer: &BaseProducer<Deliveries>,
    topic: &str,
    one: &Value,
    number: usize,
) -> Result<(), KafkaError> {
    let (key, value) = (bytes(&one["key"]), bytes(&one["value"]));
    let mut headers = OwnedHeaders::new();
    for header in one["headers"].as_array().expect("headers is a list") {
        let value = bytes(&header[1]);
        headers = headers.insert(Header {
            key: header[0].as_str().expect("a header has a name"),
            value: value.as_ref(),
        });
    }
    let message: BaseRecord<'_, Vec<u8>, Vec<u8>, usize> = BaseRecord {
        topic,
        partition: one["partition"].as_i64().map(|partition| partition as i32),
        payload: value.as_ref(),
        key: key.as_ref(),
        timestamp: one["timestamp"].as_i64(),
        headers: Some(headers),
        delivery_opaque: number,
    };
    producer.send(message).map_err(|(error, _)| error)
}

pub fn consume(address: &str, request: &Request) -> Answer {
    let deadline = Instant::now() + request.timeout();
    let consumer: BaseConsumer = consumer_settings(address, "matrix").create()?;
    let mut from = TopicPartitionList::new();
    for (partition, at, _) in request.positions("from") {
        from.add_partition_offset(request.text("topic"), partition, Offset::from_raw(at))?;
    }
    consumer.assign(&from)?;
    let mut records = Vec::new();
    while records.len() < request.count() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        if let Some(message) = consumer.poll(left) {
            records.push(record(&message?));
        }
    }
    Ok(json!({ "records": records }))
}
