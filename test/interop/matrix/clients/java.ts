// Programs of java clients.
import type { ClientProgram } from '../client-program.ts'

export const java: readonly ClientProgram[] = []
