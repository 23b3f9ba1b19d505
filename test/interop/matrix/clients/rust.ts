// Programs of rust clients.
import type { ClientProgram } from '../client-program.ts'

export const rust: readonly ClientProgram[] = []
