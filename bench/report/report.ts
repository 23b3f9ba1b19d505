// Writes docs/performance.md and its pictures from a results file; `reportOf` is the same as text, for
// the test that holds the page to its file.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readResults } from '../results.ts'
import { picturesOf } from './charts.ts'
import { pageOf } from './page.ts'

const PAGE = path.join('docs', 'performance.md')
const PICTURES = path.join('docs', 'performance')

/** Every file of the report by its path. */
export function reportOf(resultsFile: string): Map<string, string> {
  const results = readResults(resultsFile)
  const pictures = picturesOf(results)
  // As the page and its test name it, however it was named on the command line.
  const named = path.relative('', resultsFile)
  const files = new Map([[PAGE, pageOf(results, named, pictures)]])
  for (const { name, svg } of pictures) files.set(path.join(PICTURES, `${name}.svg`), svg)
  return files
}

export function writeReport(resultsFile: string): string[] {
  const files = reportOf(resultsFile)
  mkdirSync(PICTURES, { recursive: true })
  for (const name of readdirSync(PICTURES)) rmSync(path.join(PICTURES, name))
  for (const [name, content] of files) writeFileSync(name, content)
  return [...files.keys()]
}

/** The results file that the page in the tree was made from; undefined before there is a page. */
export function reportedFile(): string | undefined {
  if (!existsSync(PAGE)) return undefined
  const found = /\(\.\.\/(bench\/results\/[^)]+\.json)\)/.exec(readFileSync(PAGE, 'utf8'))
  if (found === null) throw new Error(`${PAGE} does not name its results file`)
  return found[1]
}
