// Programs of node clients.
import type { ClientProgram } from '../client-program.ts'

export const node: readonly ClientProgram[] = []
