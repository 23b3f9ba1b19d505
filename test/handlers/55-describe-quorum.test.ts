import { beforeEach, expect, test } from 'vitest'
import { DescribeQuorum } from '../../protocol/api/55-describe-quorum.ts'
import { errors } from '../../protocol/errors.ts'
import { describeQuorum } from '../../src/handlers/55-describe-quorum.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
})

test.each(versionsOf(describeQuorum))('version %i tells the one voter', (version) => {
  const partitions = [{ partitionIndex: 0 }]
  const topics = [{ topicName: '__cluster_metadata', partitions }]
  const reply = link.ask(DescribeQuorum, version, { topics })
  expect(reply.errorCode).toBe(errors.NONE)
  const [found] = reply.topics[0]!.partitions
  expect(found).toMatchObject({ errorCode: errors.NONE, leaderId: 1, observers: [] })
  expect(found!.currentVoters).toMatchObject([{ replicaId: 1, logEndOffset: found!.highWatermark }])
  expect(found!.highWatermark).toBeGreaterThan(0)
})
