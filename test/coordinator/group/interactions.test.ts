// Every file in interactions/ is a dialogue with a group shard: commands, and what they caused.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { playScript } from './shard-script.ts'

const folder = join(import.meta.dirname, 'interactions')

for (const file of readdirSync(folder)) {
  test(`the dialogue ${file} goes as written`, async () => {
    const path = join(folder, file)
    await expect(playScript(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path)
  })
}
