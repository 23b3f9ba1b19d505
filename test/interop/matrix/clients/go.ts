// Programs of go clients.
import type { ClientProgram } from '../client-program.ts'

export const go: readonly ClientProgram[] = []
