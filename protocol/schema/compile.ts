// Makes a reader or writer for one (message, version) from source text. The only file that makes
// code from strings; where the process forbids that, it throws EvalError and codec.ts interprets.
// Each function carries a sourceURL, so that stacks and profiles name it.
import type { ReadValue, WriteValue } from './kind.ts'
import type { Message } from './message.ts'
import { bodyPlace } from './message.ts'
import { Source } from './source.ts'

export function compileReader(message: Message, version: number): ReadValue {
  return made(readerText(message, version), `read-${message.name}-${version}`) as ReadValue
}

export function compileWriter(message: Message, version: number): WriteValue {
  return made(writerText(message, version), `write-${message.name}-${version}`) as WriteValue
}

/** The function's text, for people and tests. */
export function readerText(message: Message, version: number): string {
  const out = new Source()
  out.line(`return function read${message.name}${version}(r) {`)
  out.line('const b = r.buffer, end = r.end')
  out.line('let p = r.position')
  const value = out.local('v')
  message.kind.readText(out, value, bodyPlace(message, version))
  out.line('r.position = p')
  out.line(`return ${value}`)
  out.line('}')
  return out.text()
}

/** The function's text, for people and tests. */
export function writerText(message: Message, version: number): string {
  const out = new Source()
  out.line(`return function write${message.name}${version}(w, draft) {`)
  out.line('let b = w.buffer, p = w.position')
  message.kind.writeText(out, 'draft', bodyPlace(message, version))
  out.line('w.position = p')
  out.line('}')
  return out.text()
}

function made(body: string, name: string): unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- the one place: docs/architecture.md
  const factory = new Function(`'use strict'\n${body}\n//# sourceURL=samsa:${name}.js`)
  return (factory as () => unknown)()
}
