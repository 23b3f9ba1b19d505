// Turns committed records into images. It replays what the high watermark has passed, publishes
// never a prefix of a transaction, and says with each image what changed. Costs what changed.
import type { Uuid } from '../../base/uuid.ts'
import type { BrokerDelta, ImageDelta, MetadataImage, TopicDelta } from './image.ts'
import type { MetadataRecord } from './records.ts'
import { emptyState, type MetadataState, replay, type Touched } from './state.ts'
import { VersionedMap } from './versioned-map.ts'

export interface Published {
  readonly image: MetadataImage
  readonly delta: ImageDelta
}

export class ImagePublisher {
  readonly #clusterId: string
  readonly #controllerId: number
  readonly #state: MetadataState
  readonly #touched: Touched
  #image: MetadataImage
  #offset = -1
  #epoch = 0

  constructor(clusterId: string, controllerId: number) {
    this.#clusterId = clusterId
    this.#controllerId = controllerId
    this.#touched = untouched()
    this.#state = emptyState(<K, V>() => new VersionedMap<K, V>(), this.#touched)
    this.#image = this.#take()
  }

  image(): MetadataImage {
    return this.#image
  }

  /** A committed record; it shows when publish() is called outside of a transaction. */
  replay(record: MetadataRecord, offset: number, epoch: number): void {
    replay(this.#state, record, offset)
    if (this.#state.transaction === undefined) {
      this.#offset = offset
      this.#epoch = epoch
    }
  }

  /** Committed up to `offset`, control records included. */
  advance(offset: number, epoch: number): void {
    if (this.#state.transaction !== undefined || offset <= this.#offset) return
    this.#offset = offset
    this.#epoch = epoch
  }

  /** The new image and its difference to the last one; undefined when nothing was committed. */
  publish(): Published | undefined {
    if (this.#offset === this.#image.offset) return undefined
    const before = this.#image
    const image = this.#take()
    this.#image = image
    const delta = deltaOf(this.#touched, before, image)
    reset(this.#touched)
    return { image, delta }
  }

  #take(): MetadataImage {
    const state = this.#state
    const configs = new Map<number, ReadonlyMap<string, ReadonlyMap<string, string>>>()
    for (const [type, resources] of state.configs) configs.set(type, versionOf(resources))
    return {
      offset: this.#offset,
      epoch: this.#epoch,
      clusterId: this.#clusterId,
      controllerId: this.#controllerId,
      brokers: versionOf(state.brokers),
      controllers: versionOf(state.controllers),
      topicsByName: versionOf(state.topicsByName),
      topicsById: versionOf(state.topicsById),
      config: (type, name) => configs.get(type)?.get(name) ?? NO_VALUES,
      configNames: (type) => configs.get(type)?.keys() ?? [],
      features: versionOf(state.features),
      producerIds: state.producerIds,
      acls: versionOf(state.acls),
      quotas: versionOf(state.quotas),
      scramCredentials: versionOf(state.scramCredentials),
      delegationTokens: versionOf(state.delegationTokens),
    }
  }
}

const NO_VALUES: ReadonlyMap<string, string> = new Map()

function versionOf<K, V>(map: ReadonlyMap<K, V>): ReadonlyMap<K, V> {
  return map instanceof VersionedMap ? (map as VersionedMap<K, V>).version() : map
}

function deltaOf(touched: Touched, before: MetadataImage, after: MetadataImage): ImageDelta {
  const topics: TopicDelta[] = []
  for (const [id, name] of touched.topics) {
    const delta = { id, name, before: before.topicsById.get(id), after: after.topicsById.get(id) }
    if (delta.before !== undefined || delta.after !== undefined) topics.push(delta)
  }
  const brokers: BrokerDelta[] = []
  for (const id of touched.brokers) {
    brokers.push({ id, before: before.brokers.get(id), after: after.brokers.get(id) })
  }
  return {
    topics,
    brokers,
    configs: [...touched.configs.values()],
    featuresChanged: touched.features,
    aclsChanged: touched.acls,
    quotasChanged: touched.quotas,
    scramChanged: touched.scram,
  }
}

function untouched(): Touched {
  return {
    topics: new Map<Uuid, string>(),
    brokers: new Set(),
    configs: new Map(),
    features: false,
    acls: false,
    quotas: false,
    scram: false,
  }
}

function reset(touched: Touched): void {
  touched.topics.clear()
  touched.brokers.clear()
  touched.configs.clear()
  touched.features = false
  touched.acls = false
  touched.quotas = false
  touched.scram = false
}
