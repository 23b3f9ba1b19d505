// Directories of the cache outside the tree (TEST_CACHE_DIR, else ~/.cache/samsa), each filled once: whole
// or not at all, and anew when a pin or a source it is made from changes. Knows nothing of what is in them.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cacheDir } from '../apache/libs.ts'

/** A directory filled once per content of the files `from`. */
export function fetched(
  name: string,
  from: readonly string[],
  fill: (fresh: string) => void,
): string {
  const hash = createHash('sha256')
  for (const file of from) hash.update(readFileSync(file))
  const dir = path.join(cacheDir(), `${name}-${hash.digest('hex').slice(0, 12)}`)
  if (existsSync(path.join(dir, 'complete'))) return dir
  process.stderr.write(`fetching ${name} into ${dir} ...\n`)
  retried(() => {
    const fresh = `${dir}.${process.pid}`
    rmSync(fresh, { recursive: true, force: true })
    mkdirSync(fresh, { recursive: true })
    fill(fresh)
    writeFileSync(path.join(fresh, 'complete'), '')
    rmSync(dir, { recursive: true, force: true })
    renameSync(fresh, dir)
  })
  return dir
}

/** Registries and mirrors fail now and then; three times in a row is a reason to stop. */
export function retried<T>(attempt: () => T): T {
  for (let tries = 1; ; tries++) {
    try {
      return attempt()
    } catch (error) {
      if (tries === 3) throw error
      process.stderr.write(
        `attempt ${tries} failed, trying again: ${String(error).slice(0, 500)}\n`,
      )
    }
  }
}
