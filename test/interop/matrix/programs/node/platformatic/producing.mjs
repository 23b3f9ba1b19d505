// `produce` with @platformatic/kafka: a producer of its own for each request.
import { bytes } from '../lines.mjs'

export async function produce(library, base, request) {
  const { topic, codec, idempotent, records } = request
  const partitions = []
  const messages = records.map(({ key, value, headers, timestamp, partition }, index) => {
    partitions[index] = partition
    return {
      topic,
      key: bytes(key),
      value: bytes(value),
      // Keys of the map are bytes, each its own object, so a name may stand in it twice.
      headers: new Map((headers ?? []).map(([name, one]) => [Buffer.from(name), bytes(one)])),
      ...(timestamp === null || timestamp === undefined ? {} : { timestamp: BigInt(timestamp) }),
      ...(partition === undefined ? {} : { partition }),
      metadata: index,
    }
  })
  /** Its own default differs from Java's for half of all keys; this one of its two does not. */
  const partitioner = (message, key) => {
    const chosen = library.compatibilityPartitioner(message, key ?? undefined)
    partitions[message.metadata] = chosen
    return chosen
  }
  const producer = new library.Producer(base)
  try {
    const acks = library.ProduceAcks.ALL
    const options = { messages, acks, compression: codec, idempotent, partitioner }
    const { offsets } = await producer.send(options)
    const { topics } = await producer.metadata({ topics: [topic] })
    return { placed: placesOf(partitions, offsets, topics.get(topic).partitionsCount) }
  } finally {
    await producer.close()
  }
}

/** It tells the first offset of each partition; the records of one request follow each other. */
function placesOf(partitions, offsets, partitionsCount) {
  const next = new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]))
  return partitions.map((chosen) => {
    const partition = chosen % partitionsCount
    const offset = next.get(partition)
    next.set(partition, offset + 1)
    return [partition, offset]
  })
}
