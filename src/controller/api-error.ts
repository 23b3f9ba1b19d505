// An error as Kafka's responses carry it: a code and a sentence for people.

export interface ApiError {
  readonly code: number
  readonly message: string | null
}

export const NO_ERROR: ApiError = { code: 0, message: null }

export function apiError(code: number, message: string | null): ApiError {
  return { code, message }
}

export const NO_SUCH_TOPIC_PARTITION = 'This server does not host this topic-partition.'
