//! Requests and answers as JSON, bytes as base64, failures with Kafka's number where there is one.
use std::time::Duration;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Headers, Message};
use serde_json::{json, Value};

pub type Answer = Result<Value, Failure>;

pub struct Failure {
    said: String,
    code: Option<RDKafkaErrorCode>,
}

impl Failure {
    pub fn answer(self) -> Value {
        // Numbers below zero are librdkafka's own, not Kafka's.
        match self.code.map(|code| code as i32) {
            Some(code) if code > 0 => json!({ "error": self.said, "code": code }),
            _ => json!({ "error": self.said }),
        }
    }
}

impl From<KafkaError> for Failure {
    fn from(error: KafkaError) -> Failure {
        let code = match &error {
            KafkaError::AdminOp(code) => Some(*code),
            other => other.rdkafka_error_code(),
        };
        Failure {
            said: error.to_string(),
            code,
        }
    }
}

impl From<RDKafkaErrorCode> for Failure {
    fn from(code: RDKafkaErrorCode) -> Failure {
        Failure {
            said: code.to_string(),
            code: Some(code),
        }
    }
}

impl From<String> for Failure {
    fn from(said: String) -> Failure {
        Failure { said, code: None }
    }
}

/// One request; a member that its verb promises and that is missing is the runner's fault.
pub struct Request(Value);

impl Request {
    pub fn parse(line: &str) -> Request {
        Request(serde_json::from_str(line).expect("a request is JSON"))
    }

    pub fn member(&self, name: &str) -> &Value {
        &self.0[name]
    }

    pub fn verb(&self) -> &str {
        self.text("verb")
    }

    pub fn text(&self, name: &str) -> &str {
        self.0[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} is no string in {}", self.0))
    }

    pub fn number(&self, name: &str) -> i64 {
        self.0[name]
            .as_i64()
            .unwrap_or_else(|| panic!("{name} is no number in {}", self.0))
    }

    pub fn list(&self, name: &str) -> &[Value] {
        self.0[name]
            .as_array()
            .unwrap_or_else(|| panic!("{name} is no list in {}", self.0))
    }

    /// `[partition, number]` or `[partition, number, metadata]`.
    pub fn positions(&self, name: &str) -> impl Iterator<Item = (i32, i64, &str)> {
        self.list(name).iter().map(|one| {
            let at = one[1].as_i64().expect("a position is two numbers");
            (partition_of(&one[0]), at, one[2].as_str().unwrap_or(""))
        })
    }

    pub fn partitions(&self) -> impl Iterator<Item = i32> + '_ {
        self.list("partitions").iter().map(partition_of)
    }

    /// The settings of a topic.
    pub fn configs(&self) -> impl Iterator<Item = (&str, &str)> {
        let configs = self.0["configs"].as_object().expect("configs is an object");
        configs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("a string")))
    }

    pub fn count(&self) -> usize {
        self.number("count") as usize
    }

    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.number("timeoutMs") as u64)
    }
}

fn partition_of(value: &Value) -> i32 {
    value.as_i64().expect("a partition is a number") as i32
}

/// `null` is Kafka's null, `""` is empty.
pub fn bytes(value: &Value) -> Option<Vec<u8>> {
    value
        .as_str()
        .map(|text| STANDARD.decode(text).expect("bytes are base64"))
}

fn text(bytes: Option<&[u8]>) -> Value {
    bytes.map(|some| STANDARD.encode(some)).into()
}

/// A record as it was read.
pub fn record(message: &impl Message) -> Value {
    let headers: Vec<Value> = message
        .headers()
        .map(|all| {
            all.iter()
                .map(|one| json!([one.key, text(one.value)]))
                .collect()
        })
        .unwrap_or_default();
    json!({
        "key": text(message.key()),
        "value": text(message.payload()),
        "headers": headers,
        "timestamp": message.timestamp().to_millis(),
        "partition": message.partition(),
        "offset": message.offset(),
    })
}
