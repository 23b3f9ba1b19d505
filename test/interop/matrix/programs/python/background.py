# Consumers of a group in the background, one thread each: polls go on while the runner talks to others.
# What was read waits in a bounded inbox until the runner asks; what is no longer owned is forgotten.
import collections
import queue
import threading
import time

# A full inbox pauses the partitions: polls go on, for they also carry the rebalances.
FULL = 5000


class Inbox:
    def __init__(self):
        self._changed = threading.Condition()
        self._records = collections.deque()

    def put(self, records):
        with self._changed:
            self._records.extend(records)
            self._changed.notify_all()

    def forget(self, partitions):
        with self._changed:
            kept = [one for one in self._records if one["partition"] not in partitions]
            self._records = collections.deque(kept)

    def take(self, count, timeout_ms):
        """At most `count` records; waits until so many are there or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._records) >= count, timeout_ms / 1000)
            return [self._records.popleft() for _ in range(min(count, len(self._records)))]

    def is_full(self):
        with self._changed:
            return len(self._records) >= FULL


class Member(threading.Thread):
    """`consumer` is what the library's program makes: read() polls once, briefly, and puts what came into
    the inbox; pause(), resume(), partitions(), commit(topic, offsets) and close(). All of them
    are called in this thread only, since not every library allows another one."""

    def __init__(self, open_consumer):
        super().__init__(daemon=True)
        self.inbox = Inbox()
        self._orders = queue.Queue()
        self._is_running = True
        self._failure = None
        self._consumer = open_consumer(self.inbox)
        self.start()

    def run(self):
        is_paused = False
        while self._is_running:
            try:
                self._obey()
                if self.inbox.is_full():
                    self._consumer.pause()
                    is_paused = True
                elif is_paused:
                    self._consumer.resume()
                    is_paused = False
                self._consumer.read()
            except Exception as error:
                # Told to the runner at its next request; the member goes on, as an application would.
                self._failure = error
                time.sleep(0.1)
        self._obey()

    def _obey(self):
        while not self._orders.empty():
            order, answers = self._orders.get()
            try:
                answers.put((order(self._consumer), None))
            except Exception as error:
                answers.put((None, error))

    def ask(self, order):
        """Runs `order(consumer)` between two polls and returns what it returned."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        answers = queue.Queue()
        self._orders.put((order, answers))
        result, error = answers.get(timeout=60)
        if error is not None:
            raise error
        return result

    def leave(self):
        def close(consumer):
            self._is_running = False
            consumer.close()

        self._failure = None
        self.ask(close)
        self.join(30)


class Members:
    """The verbs about members, which every library's program has alike."""

    def __init__(self):
        self._members = {}

    def open_member(self, group, topic):
        """Returns a function from an inbox to a consumer (see Member); each program has its own."""
        raise NotImplementedError

    def join(self, handle, group, topic):
        self._members[handle] = Member(self.open_member(group, topic))

    def assignment(self, handle):
        found = self._members[handle].ask(lambda consumer: consumer.partitions())
        return {"partitions": sorted(found)}

    def poll(self, handle, count, timeout_ms):
        return {"records": self._members[handle].inbox.take(count, timeout_ms)}

    def commit(self, handle, topic, offsets):
        self._members[handle].ask(lambda consumer: consumer.commit(topic, offsets))

    def leave(self, handle):
        self._members.pop(handle).leave()

    def close(self):
        for handle in list(self._members):
            self.leave(handle)
