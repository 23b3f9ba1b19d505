// The three Go clients: one module (programs/go) that pins them, a command for each and the package they
// share. Go's own caches keep what it downloads and compiles; the programs go into ours.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { requireTool } from '../../../apache/libs.ts'
import { runProgram } from '../../../apache/program.ts'
import { fetched } from '../../fetched.ts'
import type { ClientProgram } from '../client-program.ts'

const MODULE = 'test/interop/matrix/programs/go'
const SHARED = [`${MODULE}/go.mod`, `${MODULE}/go.sum`, ...filesOf('lines')]

// The order decides who shares a group with whom. kafka-go cannot with librdkafka, at any broker: it sends a
// subscription of version 1 without the owned partitions that belong to that version, which librdkafka
// takes for nobody's, and as the leader it refuses what newer versions have behind the user data
// (segmentio/kafka-go issues 1128 and 1196; seen with 0.4.51 and librdkafka 2.12.1). franz-go reads it.
export const go: readonly ClientProgram[] = [
  {
    ...program('kafka-go', 'segmentio kafka-go 0.4.51', 'segmentio'),
    remark: 'shares no group with librdkafka, at Apache Kafka neither (its issues 1128, 1196)',
  },
  program('franz-go', 'franz-go 1.22.2', 'franz'),
  program('sarama', 'sarama 1.61.1', 'sarama'),
]

function program(name: string, title: string, command: string): ClientProgram {
  const files = [...SHARED, ...filesOf(command)]
  return {
    name,
    title,
    language: 'Go',
    files,
    prepare() {
      const built = fetched(`matrix-${name}`, files, (fresh) => {
        requireTool('go', ['version'], 'Go 1.26 or newer')
        const build = ['go', 'build', '-C', MODULE, '-o', path.join(fresh, command)]
        runProgram('nice', [...build, `./${command}`], { timeoutMs: 900_000 })
      })
      return [path.join(built, command)]
    },
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(`${MODULE}/${folder}`)
    .sort()
    .map((name) => `${MODULE}/${folder}/${name}`)
}
