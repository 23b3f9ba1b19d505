//! Translates the matrix's lines into calls of the rdkafka crate: reads requests, answers each. The
//! protocol is described in test/interop/matrix/README.md.
mod admin;
mod group;
mod inbox;
mod lines;
mod records;

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::time::Duration;

use rdkafka::config::ClientConfig;
use serde_json::{json, Value};

use group::Member;
use lines::{Answer, Request};

/// An answer that takes longer is a failure.
pub const VERB_TIMEOUT: Duration = Duration::from_secs(30);

/// What a record or a fetched partition may measure.
pub const MAX_BYTES: &str = "8388608";

struct Program {
    address: String,
    members: HashMap<String, Member>,
}

fn main() -> io::Result<()> {
    let address = std::env::args()
        .nth(1)
        .expect("usage: matrix-rdkafka HOST:PORT");
    let mut program = Program {
        address,
        members: HashMap::new(),
    };
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request = Request::parse(&line?);
        let mut answer = match program.run(&request) {
            Ok(answer) => answer,
            Err(failure) => failure.answer(),
        };
        answer["id"] = request.member("id").clone();
        writeln!(out, "{answer}")?;
        out.flush()?;
        if request.verb() == "bye" {
            break;
        }
    }
    // Dropping a member leaves its group.
    program.members.clear();
    Ok(())
}

impl Program {
    fn run(&mut self, request: &Request) -> Answer {
        let address = self.address.as_str();
        match request.verb() {
            "hello" => Ok(hello()),
            "produce" => records::produce(address, request),
            "consume" => records::consume(address, request),
            "join" => {
                let member = Member::join(address, request)?;
                self.members
                    .insert(request.text("handle").to_owned(), member);
                Ok(json!({}))
            }
            "assignment" => Ok(json!({ "partitions": self.member(request).inbox().owned() })),
            "poll" => {
                let count = request.count();
                let records = self.member(request).inbox().take(count, request.timeout());
                Ok(json!({ "records": records }))
            }
            "commit" => self.member(request).commit(request),
            "leave" => {
                self.members.remove(request.text("handle"));
                Ok(json!({}))
            }
            "bye" => {
                self.members.clear();
                Ok(json!({}))
            }
            _ => admin::run(address, request),
        }
    }

    fn member(&self, request: &Request) -> &Member {
        let handle = request.text("handle");
        self.members
            .get(handle)
            .unwrap_or_else(|| panic!("no consumer has the handle {handle}"))
    }
}

fn hello() -> Value {
    let (_, librdkafka) = rdkafka::util::get_rdkafka_version();
    // The crate does not say its own version: it is the one that is pinned.
    let pinned = include_str!("../Cargo.toml")
        .lines()
        .find_map(|line| line.strip_prefix("rdkafka = { version = \"="))
        .and_then(|rest| rest.split('"').next())
        .expect("Cargo.toml pins rdkafka");
    json!({
        "library": "rdkafka",
        "version": format!("{pinned} (librdkafka {librdkafka})"),
        "codecs": ["none", "gzip", "snappy", "lz4", "zstd"],
        "lacks": {},
    })
}

/// What every client of this program is told.
pub fn settings(address: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", address);
    config
}

/// A consumer's, whether or not it joins the group.
pub fn consumer_settings(address: &str, group: &str) -> ClientConfig {
    let mut config = settings(address);
    config
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("fetch.wait.max.ms", "250")
        .set("fetch.message.max.bytes", MAX_BYTES);
    config
}
