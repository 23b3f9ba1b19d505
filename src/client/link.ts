// A connection to one broker whose versions are known: the first exchange is ApiVersions.
import { ApiVersions } from '../../protocol/api/18-api-versions.ts'
import { errors } from '../../protocol/errors.ts'
import { reader } from '../../protocol/schema/codec.ts'
import type { DraftOf, Read, Shape } from '../../protocol/schema/field.ts'
import type { Api, ResponseOf } from '../../protocol/schema/message.ts'
import type { VersionRange } from '../../protocol/schema/versions.ts'
import type { Reader } from '../../protocol/wire/reader.ts'
import { Peer } from '../net/peer.ts'
import type { Call, PeerOptions } from '../net/peer.ts'
import { ClientError, KafkaError } from './errors.ts'

const SOFTWARE = { clientSoftwareName: 'samsa', clientSoftwareVersion: '0.1.0' }

type Served = Pick<Api, 'key' | 'name' | 'versions'>

export interface LinkCall<Q extends Shape, R extends Shape> extends Omit<Call<Q, R>, 'version'> {
  /** Default: the highest that both sides know. */
  readonly version?: number
}

export class Link {
  readonly peer: Peer
  readonly #ranges = new Map<number, VersionRange>()

  private constructor(peer: Peer) {
    this.peer = peer
  }

  /** Connects and learns the versions. Rejects with PeerError or KafkaError. */
  static async open(options: PeerOptions): Promise<Link> {
    const link = new Link(new Peer(options))
    try {
      await link.#negotiate()
    } catch (error) {
      link.peer.close()
      throw error
    }
    return link
  }

  isOpen(): boolean {
    return this.peer.state() === 'open'
  }

  /** What the broker advertises for an API. */
  range(api: { readonly key: number }): VersionRange | undefined {
    return this.#ranges.get(api.key)
  }

  /** The highest version that both sides know, or undefined. */
  version(api: Served): number | undefined {
    const theirs = this.range(api)
    if (theirs === undefined) return undefined
    const highest = Math.min(theirs.max, api.versions.max)
    return highest >= Math.max(theirs.min, api.versions.min) ? highest : undefined
  }

  /** The reply, which the caller may keep. Rejects with PeerError or ClientError. */
  async call<Q extends Shape, R extends Shape>(call: LinkCall<Q, R>): Promise<Read<R>> {
    const version = call.version ?? this.#versionOrThrow(call.api)
    return exchange(this.peer, { ...call, version, isKept: true })
  }

  /** Sends a request that has no reply (Produce with acks=0). */
  send<Q extends Shape, R extends Shape>(api: Api<Q, R>, draft: DraftOf<Q>): void {
    this.peer.send(api, this.#versionOrThrow(api), draft)
  }

  #versionOrThrow(api: Served): number {
    const version = this.version(api)
    if (version !== undefined) return version
    const { host, port } = this.peer.address
    const message = `${host}:${port} has no version of ${api.name} that this client speaks`
    throw new ClientError('UNSUPPORTED_VERSION', message)
  }

  async #negotiate(): Promise<void> {
    let version = ApiVersions.versions.max
    let reply = await this.#ask(version)
    if (reply.errorCode === errors.UNSUPPORTED_VERSION) {
      const range = reply.apiKeys.find(({ apiKey }) => apiKey === ApiVersions.key)
      version = Math.min(version, range?.maxVersion ?? 0)
      reply = await this.#ask(version)
    }
    if (reply.errorCode !== errors.NONE) throw new KafkaError(reply.errorCode, 'ApiVersions')
    for (const { apiKey, minVersion, maxVersion } of reply.apiKeys) {
      this.#ranges.set(apiKey, { min: minVersion, max: maxVersion })
    }
  }

  #ask(version: number): Promise<ResponseOf<typeof ApiVersions>> {
    const read = (source: Reader) => readApiVersions(source, version)
    return exchange(this.peer, { api: ApiVersions, version, draft: SOFTWARE, read, isKept: true })
  }
}

/** A broker that does not know the version answers in version 0, with error 35 (KIP-511). */
function readApiVersions(source: Reader, version: number) {
  const errorCode = source.remaining() >= 2 ? source.buffer.readInt16BE(source.position) : 0
  const isOld = errorCode === errors.UNSUPPORTED_VERSION
  return reader(ApiVersions.response, isOld ? 0 : version)(source)
}

function exchange<Q extends Shape, R extends Shape>(
  peer: Peer,
  call: Call<Q, R>,
): Promise<Read<R>> {
  return new Promise((resolve, reject) => {
    peer.call(call, (result) => {
      if (result instanceof Error) reject(result)
      else resolve(result.reply)
    })
  })
}
