// `npm run interop -- directories`: one data directory, both programs. Hand-overs (`--full`: the whole
// product), directories that Samsa has to refuse, Apache's own tools on our files, and docs/moving.md.
import { requireTool } from '../../apache/libs.ts'
import type { Check } from '../trial.ts'
import { changeHands, CHOSEN, PRODUCT, VERSIONS } from './matrix.ts'
import { moving } from './moving.ts'
import { refusals } from './refusal.ts'
import { apachesTools } from './tools.ts'

export const directories: Check = {
  name: 'directories',
  about: 'data directories change hands between Samsa and Apache Kafka 4.4.0, 4.3.1 and 3.9.2',
  faults: [
    {
      name: 'torn',
      plants: 'a hand-over loses the end of a segment, in the middle of a batch',
      caughtBy: /hands over to .* \d+ batches the same$/,
    },
    {
      name: 'metadata',
      plants: 'a hand-over changes the metadata of a committed offset',
      caughtBy: /hands over to .* committed offsets the same$/,
    },
    {
      name: 'scribbled',
      plants: 'a byte is written before a directory is refused',
      caughtBy: /not one byte was written$/,
    },
  ],
  async run(trial) {
    requireTool('java', ['-version'])
    const { fault } = trial
    if (fault === undefined || fault === 'scribbled') await refusals(trial)
    if (fault === 'scribbled') return
    const cells = fault === undefined ? (trial.isFull ? PRODUCT : CHOSEN) : CHOSEN.slice(0, 1)
    for (const cell of cells) await changeHands(trial, cell)
    if (fault !== undefined) return
    await apachesTools(trial)
    for (const version of trial.isFull ? VERSIONS : (['4.3.1'] as const)) {
      await moving(trial, version)
    }
  },
}
