// `npm run golden`: compiles the Java program beside this file against Apache Kafka 4.4.0 and lets it
// write test/golden: messages and configuration keys. The result is committed; run it again only when the pinned version moves.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { apacheLibs, requireTool } from '../libs.ts'
import { runProgram } from '../program.ts'

const OUTPUT = path.resolve('test', 'golden', 'messages')
const SOURCES = path.resolve('test', 'apache', 'golden')

requireTool('javac', ['-version'])
const libs = apacheLibs('4.4.0')
const jars = readdirSync(libs).filter((name) => name.endsWith('.jar'))
const classPath = jars.map((name) => path.join(libs, name)).join(path.delimiter)
const classes = mkdtempSync(path.join(tmpdir(), 'samsa-golden-'))
try {
  const sources = readdirSync(SOURCES).filter((name) => name.endsWith('.java'))
  const files = sources.map((name) => path.join(SOURCES, name))
  runProgram('javac', ['-nowarn', '-cp', classPath, '-d', classes, ...files])
  rmSync(OUTPUT, { recursive: true, force: true })
  const run = ['-cp', `${classes}${path.delimiter}${classPath}`, 'GoldenVectors', OUTPUT]
  process.stdout.write(runProgram('java', ['-Dfile.encoding=UTF-8', ...run]))
  const keys = ['-cp', `${classes}${path.delimiter}${classPath}`, 'ConfigKeys']
  writeFileSync(path.resolve('test', 'golden', 'config-keys.tsv'), runProgram('java', keys))
} finally {
  rmSync(classes, { recursive: true, force: true })
}
