// Programs of python clients.
import type { ClientProgram } from '../client-program.ts'

export const python: readonly ClientProgram[] = []
