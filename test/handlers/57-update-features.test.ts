import { beforeEach, expect, test } from 'vitest'
import { UpdateFeatures } from '../../protocol/api/57-update-features.ts'
import { errors } from '../../protocol/errors.ts'
import { updateFeatures } from '../../src/handlers/57-update-features.ts'
import { BrokerBench } from '../support/broker-bench.ts'
import type { RawLink } from '../support/raw-link.ts'
import { versionsOf } from './group-bench.ts'

let link: RawLink

beforeEach(async () => {
  link = (await BrokerBench.start()).link()
})

test.each(versionsOf(updateFeatures))(
  'version %i sets no level above those that are supported',
  (version) => {
    const place = version === 0 ? { allowDowngrade: false } : { upgradeType: 1 }
    const featureUpdates = [{ feature: 'metadata.version', maxVersionLevel: 99, ...place }]
    const reply = link.ask(UpdateFeatures, version, { timeoutMs: 1000, featureUpdates })
    const codes = [reply.errorCode, ...reply.results.map(({ errorCode }) => errorCode)]
    expect(codes).toContain(errors.INVALID_UPDATE_VERSION)
  },
)
