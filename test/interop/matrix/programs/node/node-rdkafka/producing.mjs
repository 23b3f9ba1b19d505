// `produce` with node-rdkafka: a producer of its own for each request, delivery reports with opaque
// numbers to tell the records apart.
import { bytes } from '../lines.mjs'
import { connected } from './connected.mjs'

const LARGE = 8 << 20

export function produce(library, base, { topic, codec, idempotent, records }) {
  const producer = new library.Producer(
    {
      ...base,
      dr_cb: true,
      'compression.codec': codec,
      'enable.idempotence': idempotent,
      'linger.ms': 5,
      'message.max.bytes': LARGE,
      'message.timeout.ms': 20_000,
    },
    { acks: -1, partitioner: 'murmur2_random' },
  )
  return connected(producer, () => sent(producer, topic, records))
}

async function sent(producer, topic, records) {
  const placed = records.map(() => [null, null])
  let missing = records.length
  let failure
  const all = new Promise((resolve) => {
    producer.on('delivery-report', (error, { opaque, partition, offset }) => {
      if (error) failure ??= error
      else placed[opaque] = [partition, offset]
      missing--
      if (missing === 0) resolve()
    })
  })
  producer.setPollInterval(10)
  for (const [index, record] of records.entries()) {
    const { key, value, headers, timestamp, partition = -1 } = record
    const pairs = (headers ?? []).map(([name, one]) => ({ [name]: bytes(one) }))
    const rest = [timestamp, index, pairs]
    producer.produce(topic, partition, bytes(value), bytes(key), ...rest)
  }
  await all
  producer.setPollInterval(0)
  if (failure !== undefined) throw failure
  return { placed }
}
