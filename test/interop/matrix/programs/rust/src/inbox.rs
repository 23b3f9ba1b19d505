//! The bounded queue between a background consumer and the runner's polls. It hands out only
//! records of partitions that are owned at that moment.
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What a background consumer may have read ahead of the runner.
const MOST_RECORDS: usize = 10_000;

#[derive(Default)]
pub struct Inbox {
    content: Mutex<Content>,
    changed: Condvar,
}

#[derive(Default)]
struct Content {
    owned: BTreeSet<i32>,
    records: VecDeque<(i32, Value)>,
}

impl Inbox {
    pub fn own(&self, partitions: impl Iterator<Item = i32>) {
        self.content.lock().unwrap().owned.extend(partitions);
    }

    /// Takes partitions away, with their records that were not handed out.
    pub fn disown(&self, partitions: impl Iterator<Item = i32>) {
        let mut content = self.content.lock().unwrap();
        for lost in partitions {
            content.owned.remove(&lost);
            content.records.retain(|(partition, _)| *partition != lost);
        }
    }

    pub fn owned(&self) -> Vec<i32> {
        self.content.lock().unwrap().owned.iter().copied().collect()
    }

    pub fn is_full(&self) -> bool {
        self.content.lock().unwrap().records.len() >= MOST_RECORDS
    }

    pub fn put(&self, partition: i32, record: Value) {
        let mut content = self.content.lock().unwrap();
        if content.owned.contains(&partition) {
            content.records.push_back((partition, record));
            self.changed.notify_all();
        }
    }

    /// Waits until there are `count` records or the time is over.
    pub fn take(&self, count: usize, timeout: Duration) -> Vec<Value> {
        let deadline = Instant::now() + timeout;
        let mut content = self.content.lock().unwrap();
        while content.records.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            content = self.changed.wait_timeout(content, left).unwrap().0;
        }
        let taken = count.min(content.records.len());
        content
            .records
            .drain(..taken)
            .map(|(_, record)| record)
            .collect()
    }
}
