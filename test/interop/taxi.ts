// The taxi example as its README runs it: Debian's python3-kafka 2.0.2, four programs as printed in a
// tutorial, the broker with its own defaults on port 9092.
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runProgram } from '../apache/program.ts'
import { requirePython } from './prepare.ts'
import type { Check } from './trial.ts'

export const taxi: Check = {
  name: 'taxi',
  about: 'python3-kafka 2.0.2 runs examples/taxi/run.sh --verify',
  faults: [
    { name: 'refused', plants: 'the broker refuses every record', caughtBy: /nothing is missing/ },
  ],
  async run(trial) {
    requirePython('kafka', 'python3-kafka')
    const args = ['examples/taxi/run.sh', '--verify']
    if (trial.isSmall) args.push('--fast')
    const command = ['bash', ...args]
    if (trial.fault === 'refused') {
      const bin = trial.directory()
      const node = path.join(bin, 'node')
      writeFileSync(node, `#!/bin/sh\nexec ${process.execPath} "$@" --set message.max.bytes=70\n`)
      chmodSync(node, 0o755)
      command.unshift(`PATH=${bin}:${process.env['PATH']}`)
    }
    let printed: string
    try {
      printed = runProgram('env', command, { timeoutMs: 180_000 })
    } catch (error) {
      printed = String(error)
    }
    const line = (pattern: RegExp) => printed.match(pattern)?.[0] ?? ''
    const lines = (pattern: RegExp) => printed.match(pattern)?.length ?? 0
    trial.figure('verified', line(/\d+ passed, \d+ failed/))
    const isWhole = /^6 passed, 0 failed$/m.test(printed)
    trial.expect(
      'nothing is missing: 9 of each message, 9 + 9 records',
      isWhole,
      printed.slice(-1500),
    )
    if (trial.fault === undefined) {
      trial.equal('rides sent', lines(/^Ride Details Send Succesfully!$/gm), 9)
    }
  },
}
