import { beforeEach, expect, test } from 'vitest'
import { ApiVersions } from '../../protocol/api/18-api-versions.ts'
import { errors } from '../../protocol/errors.ts'
import { decode } from '../../protocol/schema/codec.ts'
import { apiVersions } from '../../src/handlers/18-api-versions.ts'
import { handlers } from '../../src/handlers/index.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

const SOFTWARE = { clientSoftwareName: 'bench', clientSoftwareVersion: '1.0' }

let bench: BrokerBench
let link: RawLink

beforeEach(async () => {
  bench = await BrokerBench.start()
  link = bench.link()
})

test.each(versionsOf(apiVersions))('version %i lists what is served', (version) => {
  const reply = link.ask(ApiVersions, version, SOFTWARE)
  expect(reply.errorCode).toBe(errors.NONE)
  const found = new Map(reply.apiKeys.map((one) => [one.apiKey, one]))
  expect(found.size).toBe(handlers.length)
  // Produce begins at 0 so that librdkafka compresses.
  expect(found.get(0)).toMatchObject({ minVersion: 0, maxVersion: 13 })
  expect(found.get(18)).toMatchObject({ minVersion: 0, maxVersion: 5 })
  expect(found.get(1)).toMatchObject({ minVersion: 4, maxVersion: 18 })
})

test('features are told from version 3 on, ranges that begin at 0 from version 4 on', () => {
  const supported = (version: number) =>
    link.ask(ApiVersions, version, SOFTWARE).supportedFeatures.map(({ minVersion }) => minVersion)
  expect(supported(2)).toEqual([])
  expect(supported(3).length).toBeGreaterThan(0)
  expect(supported(3)).not.toContain(0)
  const { finalizedFeatures, finalizedFeaturesEpoch } = link.ask(ApiVersions, 4, SOFTWARE)
  expect(finalizedFeatures).toEqual([
    { name: 'metadata.version', minVersionLevel: 21, maxVersionLevel: 21 },
  ])
  expect(finalizedFeaturesEpoch).toBeGreaterThan(0)
})

test.each(['', ' ', '-a', 'a-', 'a b', 'a/b', 'é'])('the software name %j is refused', (name) => {
  const reply = link.ask(ApiVersions, 3, { ...SOFTWARE, clientSoftwareName: name })
  expect(reply).toMatchObject({ errorCode: errors.INVALID_REQUEST, apiKeys: [] })
  const other = link.ask(ApiVersions, 3, { ...SOFTWARE, clientSoftwareVersion: name })
  expect(other.errorCode).toBe(errors.INVALID_REQUEST)
})

test.each(['a', 'a-b', '3.9.0', 'a..b', 'A1'])('the software name %j is taken', (name) => {
  const names = { clientSoftwareName: name, clientSoftwareVersion: name }
  expect(link.ask(ApiVersions, 3, names).errorCode).toBe(errors.NONE)
})

test('version 5 sends a client away that believes to be elsewhere', () => {
  const { clusterId } = bench.broker()
  const at = (place: { clusterId: string | null; nodeId: number }) =>
    link.ask(ApiVersions, 5, { ...SOFTWARE, ...place }).errorCode
  expect(at({ clusterId: null, nodeId: -1 })).toBe(errors.NONE)
  expect(at({ clusterId, nodeId: 1 })).toBe(errors.NONE)
  expect(at({ clusterId, nodeId: 2 })).toBe(errors.REBOOTSTRAP_REQUIRED)
  expect(at({ clusterId: 'other', nodeId: 1 })).toBe(errors.REBOOTSTRAP_REQUIRED)
  expect(at({ clusterId, nodeId: -1 })).toBe(errors.INVALID_REQUEST)
  expect(at({ clusterId: null, nodeId: 1 })).toBe(errors.INVALID_REQUEST)
})

test.each([6, 127, -1])(
  'version %i gets a body of version 0, error 35 and the range',
  (version) => {
    const sent = link.sendAny(18, version, Buffer.from('whatever a newer client says'))
    bench.settle()
    const reply = decode(ApiVersions.response, 0, sent.reply!)
    expect(reply.errorCode).toBe(35)
    expect(reply.apiKeys).toEqual([{ apiKey: 18, minVersion: 0, maxVersion: 5 }])
    // The client steps down on the same connection.
    expect(link.ask(ApiVersions, 5, SOFTWARE).errorCode).toBe(errors.NONE)
  },
)
