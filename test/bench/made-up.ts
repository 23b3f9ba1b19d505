// Results that nobody measured, for the tests of what is done with results.
import type { Results, StoredPeer, StoredWorkload } from '../../bench/results.ts'
import type { PeerName, Row } from '../../bench/workload.ts'

export function madeUpPeer(figure: string, values: readonly number[]): StoredPeer {
  const runs = values.map((value) => ({ figures: { [figure]: value }, steal: 0 }))
  return { runs, discarded: [] }
}

export function madeUpWorkload(
  name: string,
  row: Row,
  values: Partial<Record<PeerName, readonly number[]>>,
): StoredWorkload {
  const peers: Partial<Record<PeerName, StoredPeer>> = {}
  for (const [peer, runs] of Object.entries(values)) {
    peers[peer as PeerName] = madeUpPeer(row.figure, runs)
  }
  return { name, answers: 'What?', size: {}, rows: [row], seconds: 1, peers }
}

export function madeUpResults(workloads: StoredWorkload[]): Results {
  return {
    format: 1,
    date: '2026-01-02T03:04:05.000Z',
    form: 'full',
    isPart: false,
    commit: { hash: '0123456789', isDirty: false },
    machine: {
      cpu: 'A Processor',
      cores: 2,
      memoryGb: 24,
      isVirtual: true,
      kernel: '6.1',
      system: 'Debian',
      node: '20.0.0',
      java: '17',
      librdkafka: '2.0.2',
      apacheKafka: '4.4.0',
    },
    workloads,
    failures: [],
  }
}
