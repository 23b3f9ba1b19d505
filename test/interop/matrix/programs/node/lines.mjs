// The line protocol of the matrix for programs on Node: one request a line on standard input, one answer
// a line on standard output, one after the other. Knows no client library; ../../README.md has the verbs.
import { createInterface } from 'node:readline'

/** Thrown by a verb that the library, not the program, has no way to do. */
export class Lacks extends Error {}

/** Answers until `bye` or the end of the input, then closes and ends the process with 0.
 * `codeOf` finds Kafka's number in an error of the library: only a number counts. */
export async function serve(verbs, { codeOf, close }) {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const { id, verb, ...request } = JSON.parse(line)
    if (verb === 'bye') {
      await close()
      await say({ id })
      process.exit(0)
    }
    await say({ id, ...(await answer(verbs[verb], verb, request, codeOf)) })
  }
  await close()
  process.exit(0)
}

async function answer(run, verb, request, codeOf) {
  if (run === undefined) return { error: `this program knows no verb ${verb}` }
  try {
    return (await run(request)) ?? {}
  } catch (error) {
    if (error instanceof Lacks) return { lacks: error.message }
    process.stderr.write(`${verb}: ${error?.stack ?? String(error)}\n`)
    const code = codeOf(error)
    const text = String(error?.message ?? error)
    return typeof code === 'number' ? { error: text, code } : { error: text }
  }
}

/** Resolves when the line has left the process. */
function say(message) {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, resolve))
}

/** Base64 of a request to bytes; null stays null. */
export function bytes(text) {
  return text === null || text === undefined ? null : Buffer.from(text, 'base64')
}

/** Bytes to base64; null stays null. */
export function text(value) {
  return value === null || value === undefined ? null : Buffer.from(value).toString('base64')
}

/** The first number that `look` finds in an error, in what caused it or in the failures it lists. */
export function codeInside(error, look, depth = 0) {
  if (typeof error !== 'object' || error === null || depth > 8) return undefined
  const found = look(error)
  if (typeof found === 'number') return found
  const { cause, error: inner, errors = [], partitions = [], groups = [] } = error
  for (const one of [cause, inner, ...errors, ...partitions, ...groups]) {
    const code = codeInside(one, look, depth + 1)
    if (code !== undefined) return code
  }
  return undefined
}
