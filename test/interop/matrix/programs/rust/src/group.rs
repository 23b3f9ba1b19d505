//! A member of a group that polls in a thread of its own until it is dropped.
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::message::Message;
use rdkafka::{Offset, TopicPartitionList};
use serde_json::json;

use crate::consumer_settings;
use crate::inbox::Inbox;
use crate::lines::{record, Answer, Failure, Request};

/// Runs in the polling thread, so nothing is put in while something is taken away.
struct Ownership(Arc<Inbox>);

impl ClientContext for Ownership {}

impl ConsumerContext for Ownership {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(lost) = rebalance {
            self.0.disown(partitions(lost));
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Assign(gained) = rebalance {
            self.0.own(partitions(gained));
        }
    }
}

fn partitions(list: &TopicPartitionList) -> impl Iterator<Item = i32> {
    list.elements()
        .into_iter()
        .map(|one| one.partition())
        .collect::<Vec<_>>()
        .into_iter()
}

pub struct Member {
    consumer: Option<Arc<BaseConsumer<Ownership>>>,
    inbox: Arc<Inbox>,
    is_leaving: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Member {
    pub fn join(address: &str, request: &Request) -> Result<Member, Failure> {
        let inbox = Arc::new(Inbox::default());
        let consumer: BaseConsumer<Ownership> = consumer_settings(address, request.text("group"))
            .set("partition.assignment.strategy", "range")
            .set("session.timeout.ms", "6000")
            .set("heartbeat.interval.ms", "500")
            .create_with_context(Ownership(inbox.clone()))?;
        consumer.subscribe(&[request.text("topic")])?;
        let consumer = Arc::new(consumer);
        let is_leaving = Arc::new(AtomicBool::new(false));
        let reader = thread::spawn({
            let (consumer, inbox, is_leaving) =
                (consumer.clone(), inbox.clone(), is_leaving.clone());
            move || read(&consumer, &inbox, &is_leaving)
        });
        Ok(Member {
            consumer: Some(consumer),
            inbox,
            is_leaving,
            reader: Some(reader),
        })
    }

    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub fn commit(&self, request: &Request) -> Answer {
        let mut offsets = TopicPartitionList::new();
        for (partition, at, metadata) in request.positions("offsets") {
            let mut one = offsets.add_partition(request.text("topic"), partition);
            one.set_offset(Offset::Offset(at))?;
            one.set_metadata(metadata);
        }
        let consumer = self
            .consumer
            .as_ref()
            .expect("a member has a consumer until it is dropped");
        consumer.commit(&offsets, CommitMode::Sync)?;
        for one in offsets.elements() {
            one.error()?;
        }
        Ok(json!({}))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.is_leaving.store(true, Ordering::Relaxed);
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the polling thread ends by itself");
        }
        // The last owner of a consumer closes it: it leaves its group.
        self.consumer.take();
    }
}

fn read(consumer: &BaseConsumer<Ownership>, inbox: &Inbox, is_leaving: &AtomicBool) {
    let mut is_paused = false;
    while !is_leaving.load(Ordering::Relaxed) {
        if inbox.is_full() != is_paused {
            is_paused = !is_paused;
            pause(consumer, is_paused);
        }
        match consumer.poll(Duration::from_millis(50)) {
            Some(Ok(message)) => inbox.put(message.partition(), record(&message)),
            // Librdkafka goes on by itself; the runner sees what it says.
            Some(Err(error)) => eprintln!("polling: {error}"),
            None => {}
        }
    }
}

/// A full inbox stops the fetching, never the polling: rebalances go on.
fn pause(consumer: &BaseConsumer<Ownership>, is_paused: bool) {
    let changed = consumer.assignment().and_then(|all| match is_paused {
        true => consumer.pause(&all),
        false => consumer.resume(&all),
    });
    if let Err(error) = changed {
        eprintln!("pausing or resuming: {error}");
    }
}
