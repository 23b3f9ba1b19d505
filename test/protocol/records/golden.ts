// The batches that Apache Kafka's own classes built, and what those classes read back from them
// (test/apache/golden/RecordBatches.java).
import { readFileSync } from 'node:fs'

export interface GoldenRecord {
  readonly offset: string
  readonly timestamp: number
  readonly sequence: number
  readonly size: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
}

export interface GoldenBatch {
  readonly magic: number
  readonly size: number
  readonly baseOffset: string
  readonly lastOffset: string
  readonly nextOffset: string
  readonly crc: number
  readonly codec: number
  readonly timestampType: number
  readonly maxTimestamp: number
  readonly recordCount: number
  readonly partitionLeaderEpoch: number
  readonly baseTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly lastSequence: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly deleteHorizon: number | null
  readonly records: readonly GoldenRecord[]
}

export interface Golden {
  readonly name: string
  readonly bytes: Buffer
  readonly batches: readonly GoldenBatch[]
}

export function goldenBatches(): Golden[] {
  const url = new URL('../../golden/records/batches.json', import.meta.url)
  const cases = JSON.parse(readFileSync(url, 'utf8')) as {
    name: string
    bytes: string
    batches: GoldenBatch[]
  }[]
  return cases.map((one) => ({ ...one, bytes: Buffer.from(one.bytes, 'base64') }))
}

export function goldenBatch(name: string): Golden {
  const found = goldenBatches().find((one) => one.name === name)
  if (found === undefined) throw new Error(`no golden batch is named ${name}`)
  return found
}
