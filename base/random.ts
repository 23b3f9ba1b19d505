// Seam 4 of 4: chance. Everything random (ids, jitter, eviction) comes from here, so that a seed
// replays a run. This file alone may use the process's own sources of randomness.
import { randomBytes } from 'node:crypto'

export interface Random {
  /** Uniform in [0, 2^32). */
  uint32(): number
  /** Uniform in [0, 1). */
  float(): number
  /** Fresh bytes, owned by the caller. */
  bytes(length: number): Uint8Array
}

export function systemRandom(): Random {
  return {
    uint32: () => randomBytes(4).readUInt32LE(0),
    float: () => randomBytes(4).readUInt32LE(0) / 2 ** 32,
    bytes: (length) => randomBytes(length),
  }
}

/** splitmix32: small, well distributed, the same on every machine. Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  function uint32(): number {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return {
    uint32,
    float: () => uint32() / 2 ** 32,
    bytes(length) {
      const out = Buffer.allocUnsafe(length)
      for (let i = 0; i < length; i++) out[i] = uint32() & 0xff
      return out
    },
  }
}

/** Uniform integer in [0, bound). */
export function below(random: Random, bound: number): number {
  return Math.floor(random.float() * bound)
}
