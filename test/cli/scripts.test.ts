import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'

const bin = path.resolve(import.meta.dirname, '../../bin')
const home = mkdtempSync(path.join(tmpdir(), 'samsa-scripts-'))

// A program named node that prints its arguments, one a line, instead of running them.
writeFileSync(path.join(home, 'node'), '#!/bin/sh\nprintf "%s\\n" "$@"\n')
chmodSync(path.join(home, 'node'), 0o755)

afterAll(() => rmSync(home, { recursive: true }))

function run(script: string, words: readonly string[], more: Record<string, string> = {}) {
  const env = { PATH: `${home}:${process.env['PATH']}`, ...more }
  const { status, stdout, stderr } = spawnSync(path.join(bin, script), words, {
    env,
    encoding: 'utf8',
  })
  return { status, stderr, words: stdout.trimEnd().split('\n') }
}

test('kafka-server-start.sh passes the file on and turns --override into --set', () => {
  const { words } = run('kafka-server-start.sh', [
    'my config/server.properties',
    '--override',
    'a=1 2',
    '--override=b=3',
    '--port',
    '0',
  ])
  expect(words).toEqual([
    path.join(bin, 'samsa'),
    'start',
    'my config/server.properties',
    '--set',
    'a=1 2',
    '--set=b=3',
    '--port',
    '0',
  ])
})

test('kafka-server-start.sh -daemon runs in the background, with its output in LOG_DIR', () => {
  const { status } = run('kafka-server-start.sh', ['-daemon', 'x'], { LOG_DIR: `${home}/logs` })
  expect(status).toBe(0)
  let output = ''
  // The program outlives the script; it has a few lines to write.
  for (let i = 0; i < 1_000_000 && !output.includes('\nx\n'); i++) {
    output = readFileSync(`${home}/logs/kafkaServer.out`, 'utf8')
  }
  expect(output).toBe(`${path.join(bin, 'samsa')}\nstart\nx\n`)
})

test('kafka-server-start.sh without a file says how it is used', () => {
  const { status, stderr } = run('kafka-server-start.sh', [])
  expect(status).toBe(1)
  expect(stderr).toMatch(/^Usage: .*kafka-server-start\.sh \[-daemon\] server\.properties/)
})

test('kafka-storage.sh is samsa storage', () => {
  const { words } = run('kafka-storage.sh', ['format', '-t', 'ID'])
  expect(words).toEqual([path.join(bin, 'samsa'), 'storage', 'format', '-t', 'ID'])
})

test('zookeeper-server-start.sh says that it is not needed', () => {
  const { status, words } = run('zookeeper-server-start.sh', ['config/zookeeper.properties'])
  expect(status).toBe(0)
  expect(words[0]).toMatch(/not needed/)
})

test('kafka-server-stop.sh stops what the start script of its directory started, nothing else', () => {
  // `ps` as the script asks it: pid and arguments.
  const own = path.join(bin, 'samsa')
  const processes = [
    `101 node ${own} start config/server.properties`,
    `102 node ${own} start`,
    '103 node bin/samsa start',
    '104 node /elsewhere/bin/samsa start x',
    `105 node ${own} topics list`,
  ]
  const lines = processes.map((line) => `echo '${line}'`).join('\n')
  writeFileSync(path.join(home, 'ps'), `#!/bin/sh\n${lines}\n`)
  chmodSync(path.join(home, 'ps'), 0o755)
  // `kill` is built into the shell; a function of the same name goes first.
  const script = readFileSync(path.join(bin, 'kafka-server-stop.sh'), 'utf8')
  const file = path.join(home, 'kafka-server-stop.sh')
  writeFileSync(
    file,
    script
      .replace('set -u\n', 'set -u\nkill() { echo "$@"; }\n')
      .replace(/^bin=.*$/m, `bin='${bin}'`),
  )
  const env = { PATH: `${home}:${process.env['PATH']}` }
  const { stdout, status } = spawnSync('sh', [file], { env, encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, '-s TERM 101 102\n'])
})
