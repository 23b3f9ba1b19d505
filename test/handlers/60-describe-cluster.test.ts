import { beforeEach, expect, test } from 'vitest'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { DescribeCluster } from '../../protocol/api/60-describe-cluster.ts'
import { errors } from '../../protocol/errors.ts'
import { describeCluster } from '../../src/handlers/60-describe-cluster.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

const NOT_ASKED = -2147483648

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start({ set: ['broker.rack=r1'] })
  link = bench.link()
})

function ask(version: number, fields: Record<string, number | boolean> = {}) {
  const draft = { includeClusterAuthorizedOperations: false, ...fields }
  const fenced = version >= 2 ? { includeFencedBrokers: false } : {}
  return link.ask(DescribeCluster, version, { ...fenced, ...draft })
}

test.each(versionsOf(describeCluster))('version %i tells brokers and controller', (version) => {
  const reply = ask(version)
  expect(reply).toMatchObject({ errorCode: 0, controllerId: 1, endpointType: 1 })
  expect(reply.clusterId).toBe(bench.broker().clusterId)
  expect(reply.clusterAuthorizedOperations).toBe(NOT_ASKED)
  expect(reply.brokers).toEqual([
    { brokerId: 1, host: expect.any(String), port: 9092, rack: 'r1', isFenced: false },
  ])
  // Metadata tells the same.
  const { brokers } = link.ask(Metadata, 12, { topics: [] })
  const { host, port } = reply.brokers[0]!
  expect(brokers).toMatchObject([{ nodeId: 1, host, port }])
})

test('rights are told when asked', () => {
  const asked = ask(1, { includeClusterAuthorizedOperations: true })
  expect(asked.clusterAuthorizedOperations).toBeGreaterThan(0)
})

test('controllers are not told on a listener of brokers', () => {
  expect(ask(1, { endpointType: 2 }).errorCode).toBe(errors.MISMATCHED_ENDPOINT_TYPE)
  expect(ask(1, { endpointType: 3 }).errorCode).toBe(errors.UNSUPPORTED_ENDPOINT_TYPE)
})
