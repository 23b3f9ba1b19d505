// ApiVersions: every version, the version we do not know, and the software name check of KIP-511.
import { frame, encodeRequest } from '../codec.ts'
import { listAt, numberAt } from '../pick.ts'
import type { Scenario } from '../trial.ts'

const SOFTWARE = { clientSoftwareName: 'oracle', clientSoftwareVersion: '1.0' }

export const apiVersions: Scenario = {
  name: '18-api-versions',
  async run(t) {
    for (const version of t.versions('ApiVersions')) {
      await t.call('ApiVersions', version, { ...SOFTWARE, clusterId: null, nodeId: -1 })
    }
    // The connection lives on after an unknown version: the answer is a v0 body.
    const client = await t.connect()
    for (const headerVersion of [6, 99, 32767]) {
      const options = { on: client, headerVersion, replyVersion: 0 }
      const outcome = await client.call('ApiVersions', 4, SOFTWARE, options)
      t.note(`unknown version ${headerVersion}`, { api: 'ApiVersions', version: 0, outcome })
    }
    await t.call('ApiVersions', 3, SOFTWARE, { on: client, label: 'after the unknown ones' })
    for (const name of ['', 'a b', '-a', 'a-', 'a.b', 'ä', 'a'.repeat(300), 'x_y', 'A9']) {
      const request = { ...SOFTWARE, clientSoftwareName: name }
      await t.call('ApiVersions', 3, request, { label: `name "${name.slice(0, 9)}"` })
    }
    for (const version of ['', '1 0', '1.0-SNAPSHOT', '!']) {
      const request = { ...SOFTWARE, clientSoftwareVersion: version }
      await t.call('ApiVersions', 3, request, { label: `version "${version}"` })
    }
    for (const [clusterId, nodeId] of [
      ['no-such-cluster', -1],
      [null, 1],
      [null, 77],
      ['no-such-cluster', 77],
    ] as const) {
      if (t.versions('ApiVersions', 5).length === 0) break
      const request = { ...SOFTWARE, clusterId, nodeId }
      await t.call('ApiVersions', 5, request, { label: `to ${clusterId} ${nodeId}` })
    }
  },
}

/** What closes the connection: keys and versions nobody advertises, and frames that are none. */
export const badFrames: Scenario = {
  name: '18-bad-frames',
  async run(t) {
    const body = await t.ask('ApiVersions', 3, SOFTWARE)
    const ranges = listAt(body, 'apiKeys').map((range) => numberAt(range, 'apiKey'))
    t.fact('advertises itself', ranges.includes(18))
    const header = encodeRequest('ApiVersions', 0, {}, { correlationId: 7, clientId: 'oracle' })
    const cases: [string, (bytes: Buffer) => void][] = [
      ['key 999', (bytes) => bytes.writeInt16BE(999, 0)],
      ['key -1', (bytes) => bytes.writeInt16BE(-1, 0)],
      ['Metadata 99', (bytes) => bytes.writeInt32BE((3 << 16) | 99, 0)],
      ['Metadata -1', (bytes) => bytes.writeInt32BE((3 << 16) | 0xffff, 0)],
      ['CreateTopics 1', (bytes) => bytes.writeInt32BE((19 << 16) | 1, 0)],
      ['Fetch 3', (bytes) => bytes.writeInt32BE((1 << 16) | 3, 0)],
      ['Produce 2', (bytes) => bytes.writeInt32BE(2, 0)],
      ['Fetch 4 without a body', (bytes) => bytes.writeInt32BE((1 << 16) | 4, 0)],
      ['LeaderAndIsr', (bytes) => bytes.writeInt32BE((4 << 16) | 7, 0)],
      ['Vote', (bytes) => bytes.writeInt32BE(52 << 16, 0)],
    ]
    for (const [label, spoil] of cases) {
      const bytes = Buffer.from(header)
      spoil(bytes)
      const client = await t.connect()
      const outcome = await client.sendFrame('ApiVersions', 0, frame(bytes), { timeoutMs: 3000 })
      t.note(label, { api: 'ApiVersions', version: 0, outcome })
    }
    for (const [label, bytes] of [
      ['negative size', Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0])],
      ['two gigabytes', Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0])],
      ['http', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
      ['empty frame', Buffer.alloc(4)],
      ['short header', frame(Buffer.from([0, 18, 0]))],
    ] as const) {
      const client = await t.connect()
      await client.sendFrame('ApiVersions', 0, bytes, { noReply: true })
      t.fact(`${label} closes`, await client.closes(3000))
    }
  },
}
