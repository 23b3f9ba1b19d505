export interface Loaded {
  readonly exports: unknown
  /** V8 took the code that was kept. */
  readonly isFromCache: boolean
  /** Writes the compiled code, unless it came from the cache. */
  keep(): void
}

export function loadWithCodeCache(file: string, directory: string): Loaded
