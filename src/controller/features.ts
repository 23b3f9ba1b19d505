// Feature levels: which ones this build implements, what is finalized, and UpdateFeatures
// (KIP-584). Claiming a level is a promise to know every record version that is legal at it.
import { assert } from '../../base/assert.ts'
import { apiError, NO_ERROR, type ApiError } from './api-error.ts'
import { errors } from '../../protocol/errors.ts'
import type { VersionRange } from './image.ts'
import type { UpdateFeaturesRequest, UpdateFeaturesResponse } from './messages.ts'
import { newRecord, type ValueOf, type MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'

export const METADATA_VERSION = 'metadata.version'
export const KRAFT_VERSION = 'kraft.version'

/** 3.9-IV0: what a first start finalizes. */
export const DEFAULT_METADATA_VERSION = 21
const MINIMUM_METADATA_VERSION = 7

/** What this build implements; every other feature only at level 0. */
export const SUPPORTED_FEATURES: ReadonlyMap<string, VersionRange> = new Map([
  [METADATA_VERSION, { min: MINIMUM_METADATA_VERSION, max: DEFAULT_METADATA_VERSION }],
  [KRAFT_VERSION, { min: 0, max: 1 }],
])

/** Levels where records take a new version or meaning. */
const DIRECTORY_ASSIGNMENT = 17
const LEADER_EPOCH_KEPT_ON_SHRINK = 12
const METADATA_TRANSACTIONS = 13
const CONTROLLER_REGISTRATION = 15

/** Levels that brought records or fields; going below one of them would lose what they hold. */
const LEVELS_WITH_NEW_METADATA = [8, 11, 13, 14, 15, 17]

const UPGRADE = 1
const SAFE_DOWNGRADE = 2
const UNSAFE_DOWNGRADE = 3

export function isFeatureSupported(name: string, level: number): boolean {
  if (level === 0 && name !== METADATA_VERSION) return true
  const range = SUPPORTED_FEATURES.get(name)
  return range !== undefined && level >= range.min && level <= range.max
}

export function metadataVersionOf(state: Pick<MetadataState, 'features'>): number {
  return state.features.get(METADATA_VERSION) ?? MINIMUM_METADATA_VERSION
}

export function assignsDirectories(metadataVersion: number): boolean {
  return metadataVersion >= DIRECTORY_ASSIGNMENT
}

export function bumpsLeaderEpochOnShrink(metadataVersion: number): boolean {
  return metadataVersion < LEADER_EPOCH_KEPT_ON_SHRINK
}

export function hasMetadataTransactions(metadataVersion: number): boolean {
  return metadataVersion >= METADATA_TRANSACTIONS
}

export function supportsControllerRegistration(state: Pick<MetadataState, 'features'>): boolean {
  return metadataVersionOf(state) >= CONTROLLER_REGISTRATION
}

export function partitionRecordVersion(metadataVersion: number): number {
  return assignsDirectories(metadataVersion) ? 1 : 0
}

/** RegisterBroker: 1 from 3.3-IV3, 2 from 3.4-IV0 (level 8), 3 from 3.7-IV2. */
export function registerBrokerRecordVersion(metadataVersion: number): number {
  if (assignsDirectories(metadataVersion)) return 3
  return metadataVersion >= 8 ? 2 : 1
}

export function replayFeatureLevel(
  state: MetadataState,
  body: ValueOf<'FeatureLevelRecord'>,
): void {
  const { name, featureLevel } = body
  const supported = isFeatureSupported(name, featureLevel)
  assert(
    supported,
    `${name} is at level ${featureLevel}, which this version of Samsa does not know`,
  )
  if (featureLevel === 0) state.features.delete(name)
  else state.features.set(name, featureLevel)
  if (state.touched !== undefined) state.touched.features = true
}

export function updateFeatures(
  state: MetadataState,
  request: UpdateFeaturesRequest,
  kraftVersion: number,
): { readonly records: readonly MetadataRecord[]; readonly reply: UpdateFeaturesResponse } {
  const records: MetadataRecord[] = []
  let error = NO_ERROR
  for (const update of request.featureUpdates) {
    const outcome = updateFeature(state, update, kraftVersion)
    if (outcome.error !== NO_ERROR) {
      error = outcome.error
      break
    }
    if (outcome.record !== undefined) records.push(outcome.record)
  }
  const failed = error !== NO_ERROR
  const results = failed
    ? []
    : request.featureUpdates.map(({ feature }) => ({ feature, errorCode: 0, errorMessage: null }))
  const reply = {
    throttleTimeMs: 0,
    errorCode: error.code,
    errorMessage: error.message,
    results,
  }
  return { records: failed || request.validateOnly ? [] : records, reply }
}

type FeatureUpdate = UpdateFeaturesRequest['featureUpdates'][number]

function updateFeature(
  state: MetadataState,
  update: FeatureUpdate,
  kraftVersion: number,
): { readonly error: ApiError; readonly record?: MetadataRecord } {
  const { feature, maxVersionLevel: level } = update
  const upgradeType = update.allowDowngrade ? SAFE_DOWNGRADE : update.upgradeType
  function refuse(why: string): { readonly error: ApiError } {
    const text = `Invalid update version ${level} for feature ${feature}. ${why}`
    return { error: apiError(errors.INVALID_UPDATE_VERSION, text) }
  }
  if (upgradeType < UPGRADE || upgradeType > UNSAFE_DOWNGRADE) {
    return refuse('The controller does not support the given upgrade type.')
  }
  if (level < 0) return refuse('A feature version cannot be less than 0.')
  const unsupported = reasonNotSupported(state, feature, level)
  if (unsupported !== undefined) return refuse(unsupported)
  const current = feature === KRAFT_VERSION ? kraftVersion : (state.features.get(feature) ?? 0)
  if (level < current && upgradeType === UPGRADE) {
    return refuse('A lower level needs the upgrade type safe or unsafe downgrade.')
  }
  if (level > current && upgradeType !== UPGRADE) {
    return refuse('A higher level is not a downgrade.')
  }
  if (feature === KRAFT_VERSION) {
    return level === current ? { error: NO_ERROR } : refuse('It cannot be changed here.')
  }
  if (feature === METADATA_VERSION && losesMetadata(current, level)) {
    return refuse('The downgrade might delete metadata.')
  }
  const record = newRecord('FeatureLevelRecord', 0, { name: feature, featureLevel: level })
  return { error: NO_ERROR, record }
}

function losesMetadata(from: number, to: number): boolean {
  return LEVELS_WITH_NEW_METADATA.some((level) => level > to && level <= from)
}

function reasonNotSupported(
  state: MetadataState,
  feature: string,
  level: number,
): string | undefined {
  if (!isFeatureSupported(feature, level)) {
    const range = SUPPORTED_FEATURES.get(feature)
    if (range === undefined) return `The local controller does not support this feature.`
    return `The local controller only supports versions ${range.min}-${range.max}`
  }
  for (const broker of state.brokers.values()) {
    const range = broker.features.get(feature) ?? { min: 0, max: 0 }
    if (level < range.min || level > range.max) {
      return `Broker ${broker.id} only supports versions ${range.min}-${range.max}`
    }
  }
  return undefined
}
