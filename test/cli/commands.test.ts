import { expect, test } from 'vitest'
import { runCommand } from '../../src/cli/commands.ts'
import { programName } from '../../src/cli/main.ts'
import { fakeContext } from './fake-context.ts'

test('without words the commands are listed', async () => {
  const context = fakeContext()
  expect(await runCommand(context, [])).toBe(0)
  expect(context.printed.out).toMatch(/Usage: samsa COMMAND/)
  expect(context.printed.out).toMatch(/not affiliated with the Apache Software Foundation/)
})

test('an unknown command exits with 2 and the nearest name', async () => {
  const context = fakeContext()
  expect(await runCommand(context, ['confg'])).toBe(2)
  expect(context.printed).toEqual({
    out: '',
    error: "samsa: There is no command 'confg': did you mean config?\n",
  })
})

test.each([
  ['config', '--help'],
  ['help', 'config'],
])('samsa %s %s explains it', async (...words) => {
  const context = fakeContext()
  expect(await runCommand(context, words)).toBe(0)
  expect(context.printed.out).toMatch(/Usage: samsa config/)
})

test('samsa config prints values with their sources', async () => {
  const context = fakeContext({ environment: { KAFKA_NUM_PARTITIONS: '3' } })
  context.addFile('/etc/server.properties', 'log.roll.hours=1\nnum.io.threads=2\n')
  expect(await runCommand(context, ['config', '/etc/server.properties'])).toBe(0)
  expect(context.printed.out).toMatch(/^log\.roll\.hours=1 {2}# file$/m)
  expect(context.printed.out).toMatch(/^num\.partitions=3 {2}# environment$/m)
  expect(context.printed.out).toMatch(/^fetch\.max\.bytes=57671680$/m)
  expect(context.printed.out).not.toMatch(/num\.io\.threads/)
})

test('samsa config --unused prints what is accepted and not used', async () => {
  const context = fakeContext()
  await runCommand(context, ['config', '--unused', '--set', 'num.io.threads=2'])
  expect(context.printed.out).toMatch(/^num\.io\.threads=2 {2}# command line$/m)
  expect(context.printed.out).not.toMatch(/^log\.roll\.hours/m)
})

test('samsa config --json hides secrets', async () => {
  const context = fakeContext()
  await runCommand(context, ['config', '--json', '--set', 'ssl.key.password=hush'])
  expect(context.printed.out).not.toMatch(/hush/)
  const rows = JSON.parse(context.printed.out) as { name: string; value: string | null }[]
  expect(rows.find((row) => row.name === 'ssl.key.password')).toMatchObject({ value: '(hidden)' })
})

test('a file that is not there is one sentence and exit code 2', async () => {
  const context = fakeContext()
  expect(await runCommand(context, ['config', '/nowhere'])).toBe(2)
  expect(context.printed.error).toBe('samsa: Cannot read /nowhere: there is no such file.\n')
})

test.each([
  ['/home/me/samsa/bin/samsa', '/home/me/samsa', '/usr/bin', 'bin/samsa'],
  ['/usr/local/bin/samsa', '/home/me', '/usr/bin:/usr/local/bin', 'samsa'],
  ['/opt/samsa/bin/samsa', '/home/me', '/usr/bin', '/opt/samsa/bin/samsa'],
])('%s in %s is called %s', (script, directory, searchPath, name) => {
  expect(programName(script, directory, searchPath)).toBe(name)
})
