// What a client can fail with beyond the connection itself (PeerError): an answer that is an error
// code, or no broker that can be asked.
import { errorFacts, errorName } from '../../protocol/errors.ts'

/** A broker answered with an error code. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError'
  /** Kafka's name of the code. */
  readonly code: string
  readonly errorCode: number
  readonly isRetriable: boolean

  constructor(errorCode: number, what: string) {
    super(`${what}: ${errorName(errorCode)}`)
    this.code = errorName(errorCode)
    this.errorCode = errorCode
    this.isRetriable = errorFacts(errorCode)?.retriable ?? false
  }
}

/** Nobody could be asked. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: 'NO_BROKER' | 'UNSUPPORTED_VERSION' | 'BAD_BATCH' | 'CLOSED'

  constructor(code: ClientError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
  }
}
