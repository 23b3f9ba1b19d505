// Loads the optional native and WebAssembly parts, at first use and never at import. A part that is
// not installed is not an error: each caller has a slower form of its own. Knows nothing of codecs.
import { createRequire } from 'node:module'

/** The module, or undefined when it is not installed or does not load on this machine. */
export function optionalModule(name: string): unknown {
  try {
    return createRequire(import.meta.url)(name)
  } catch {
    return undefined
  }
}
