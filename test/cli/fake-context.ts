// A context for commands that touches no process: files in memory, collected output, chosen input
// and signals.
import { seededRandom } from '../../base/random.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { memoryNetwork } from '../../src/net/memory-network.ts'
import { MemoryFileSystem } from '../../storage/fs/memory-fs.ts'
import { parentOf } from '../../storage/fs/path.ts'
import { writeFile } from '../../storage/fs/whole-file.ts'

export interface FakeContext extends CommandContext {
  readonly printed: { out: string; error: string }
  readonly signal: (name: string) => void
  readonly addFile: (path: string, text: string) => void
}

export function fakeContext(more: Partial<CommandContext> = {}): FakeContext {
  const clock = new VirtualClock()
  const fs = new MemoryFileSystem({ defer: (run) => clock.endOfTurn(run), now: () => clock.now() })
  const printed = { out: '', error: '' }
  let signal: (name: string) => void = () => {}
  const stopped = new Promise<string>((resolve) => {
    signal = resolve
  })
  return {
    program: 'bin/samsa',
    environment: {},
    fs,
    network: async () => memoryNetwork(clock),
    clock,
    random: seededRandom(1),
    uptime: () => 47.6,
    out: (text) => {
      printed.out += typeof text === 'string' ? text : Buffer.from(text).toString()
    },
    flushed: () => Promise.resolve(),
    error: (text) => {
      printed.error += text
    },
    input: async function* () {},
    stopSignal: () => stopped,
    printed,
    signal,
    addFile(path, text) {
      fs.mkdir(parentOf(path))
      writeFile(fs, path, Buffer.from(text))
    },
    ...more,
  }
}
