// Planted faults: what a wrong broker would answer, put into one side's decoded answers, to see that the
// oracle catches it. Each is the kind of slip that is easy to make in a handler.
import type { Message } from './codec.ts'

export interface Fault {
  readonly plant: (api: string, body: Message) => void
  /** The member the oracle has to point at. */
  readonly member: string
  /** ... with this value on the spoiled side. */
  readonly value: number
}

/** Decoded answers are ours to spoil: they were compared with their bytes before. */
type Loose = Record<string, unknown>

export const FAULTS: Readonly<Record<string, Fault>> = {
  'wrong-error-code': {
    member: 'errorCode',
    value: 5,
    plant: (api, body) => {
      // UNKNOWN_TOPIC_OR_PARTITION where the epoch was fenced or unknown would be one as well.
      if (api !== 'ListOffsets') return
      for (const partition of partitions(body, 'topics')) {
        if (partition['errorCode'] === 3) partition['errorCode'] = 5
      }
    },
  },
  'missing-default': {
    member: 'logAppendTimeMs',
    value: 0,
    plant: (api, body) => {
      if (api !== 'Produce') return
      for (const partition of partitions(body, 'responses', 'partitionResponses')) {
        if (partition['logAppendTimeMs'] === -1) partition['logAppendTimeMs'] = 0
      }
    },
  },
  'wrong-log-start-offset': {
    member: 'logStartOffset',
    value: 0,
    plant: (api, body) => {
      if (api !== 'Fetch') return
      for (const partition of partitions(body, 'responses')) {
        const start = partition['logStartOffset']
        if (typeof start === 'number' && start > 0) partition['logStartOffset'] = 0
      }
    },
  },
}

function partitions(body: Message, topics: string, list = 'partitions'): Loose[] {
  const found = body[topics]
  if (!Array.isArray(found)) return []
  return (found as Message[]).flatMap((topic) => (topic[list] ?? []) as Loose[])
}
