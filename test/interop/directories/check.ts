// `npm run interop -- directories`: one data directory, both programs. Matrix of hand-overs (`--full`:
// the whole product), refusals, Apache's own tools on our files, docs/moving.md as a program.
import { requireTool } from '../../apache/libs.ts'
import type { Check } from '../trial.ts'
import { changeHands, CHOSEN, PRODUCT } from './matrix.ts'

export const directories: Check = {
  name: 'directories',
  about: 'data directories change hands between Samsa and Apache Kafka 4.4.0, 4.3.1 and 3.9.2',
  faults: [
    {
      name: 'torn',
      plants: 'a hand-over loses the end of a segment, in the middle of a batch',
      caughtBy: /hands over to .* batches and all else the same$/,
    },
  ],
  async run(trial) {
    requireTool('java', ['-version'])
    if (trial.fault === 'torn') await changeHands(trial, CHOSEN[0]!)
    if (trial.fault !== undefined) return
    for (const cell of trial.isFull ? PRODUCT : CHOSEN) await changeHands(trial, cell)
  },
}
