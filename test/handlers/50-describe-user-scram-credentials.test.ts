import { beforeEach, expect, test } from 'vitest'
import { DescribeUserScramCredentials } from '../../protocol/api/50-describe-user-scram-credentials.ts'
import { errors } from '../../protocol/errors.ts'
import { newRecord } from '../../src/controller/records.ts'
import { encodeRecord } from '../../src/controller/record-codec.ts'
import { scanMetadataLog } from '../../src/raft/scan.ts'
import { dataBatch } from '../../src/raft/snapshot.ts'
import { BrokerBench, DATA } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
})

test('nobody has any, and a user is named once', () => {
  const ask = (names: readonly string[] | null) => {
    const users = names?.map((name) => ({ name })) ?? null
    return link.ask(DescribeUserScramCredentials, 0, { users })
  }
  expect(ask(null)).toMatchObject({ errorCode: errors.NONE, results: [] })
  expect(ask(['ann']).results).toMatchObject([
    { user: 'ann', errorCode: errors.RESOURCE_NOT_FOUND, credentialInfos: [] },
  ])
  expect(ask(['ann', 'ann']).results).toMatchObject([{ errorCode: errors.DUPLICATE_RESOURCE }])
})

test('who has some in a directory that Apache Kafka wrote is told without a message', async () => {
  await bench.stop()
  const secrets = { salt: Buffer.from('s'), storedKey: Buffer.from('k') }
  const credential = { name: 'ann', mechanism: 1, ...secrets, serverKey: Buffer.from('k') }
  const record = newRecord('UserScramCredentialRecord', 0, { ...credential, iterations: 4096 })
  appendMetadata(encodeRecord(record))
  await bench.start()
  const reply = bench.link().ask(DescribeUserScramCredentials, 0, { users: null })
  const credentialInfos = [{ mechanism: 1, iterations: 4096 }]
  expect(reply.results).toEqual([
    { user: 'ann', errorCode: errors.NONE, errorMessage: '', credentialInfos },
  ])
})

function appendMetadata(value: Buffer): void {
  const directory = `${DATA}/__cluster_metadata-0`
  const { endOffset, lastEpoch } = scanMetadataLog(bench.memory, directory)
  const batch = dataBatch([value], { baseOffset: endOffset, epoch: lastEpoch, timestampMs: 0 })
  const segment = bench.memory.readdir(directory).filter((name) => name.endsWith('.log'))
  const file = bench.memory.open(`${directory}/${segment.sort().at(-1)!}`, 'read-write')
  file.write(batch, 0, batch.length, file.size())
  file.close()
}
