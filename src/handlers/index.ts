// The one registration of handlers: ApiVersions, dispatch, metrics and documents derive from it.
import type { Handler } from './handler.ts'

export const handlers: readonly Handler[] = []
