// Apache's own Java client: the newest, the last of the 3.x generation and the oldest that Apache Kafka 4
// supports. One source (programs/java), compiled against each, with one adapter each for what they spell
// differently.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { requireTool } from '../../../apache/libs.ts'
import { runProgram } from '../../../apache/program.ts'
import { fetched } from '../../fetched.ts'
import { mavenLibs } from '../../maven.ts'
import { JVM } from '../../toolbox.ts'
import type { ClientProgram } from '../client-program.ts'

const SOURCES = 'test/interop/matrix/programs/java'

export const java: readonly ClientProgram[] = ['4.4.0', '3.9.2', '2.1.1'].map((version) => {
  const sources = [...javaFiles(SOURCES), ...javaFiles(`${SOURCES}/${version}`)]
  const pom = `${SOURCES}/${version}/pom.xml`
  return {
    name: `kafka-clients-${version}`,
    title: `Java kafka-clients ${version}`,
    language: 'Java',
    files: [...sources, pom],
    prepare() {
      requireTool('java', ['-version'])
      const libs = mavenLibs(`matrix-kafka-clients-${version}`, pom)
      const classes = compiled(`matrix-java-${version}`, sources, pom, libs)
      const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
      const classPath = [classes, path.join(libs, '*')].join(path.delimiter)
      return ['java', ...JVM, quiet, '-cp', classPath, 'Program']
    },
  }
})

function compiled(name: string, sources: readonly string[], pom: string, libs: string): string {
  return fetched(name, [...sources, pom], (fresh) => {
    requireTool('javac', ['-version'])
    runProgram('javac', ['-nowarn', '-cp', path.join(libs, '*'), '-d', fresh, ...sources])
  })
}

function javaFiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.java'))
    .sort()
    .map((name) => `${dir}/${name}`)
}
