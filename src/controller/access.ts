// Replay of what governs access: ACLs, client quotas, SCRAM credentials, delegation tokens. Nothing
// here decides; the records of a directory are kept whole until the handlers for them exist.
import type { ClientQuotaImage } from './image.ts'
import type { ValueOf, MetadataRecord } from './records.ts'
import type { MetadataState } from './state.ts'

type AccessRecord = Extract<
  MetadataRecord,
  {
    readonly name:
      | 'AccessControlEntryRecord'
      | 'RemoveAccessControlEntryRecord'
      | 'ClientQuotaRecord'
      | 'UserScramCredentialRecord'
      | 'RemoveUserScramCredentialRecord'
      | 'DelegationTokenRecord'
      | 'RemoveDelegationTokenRecord'
  }
>

export function replayAccess(state: MetadataState, record: AccessRecord): void {
  const { touched } = state
  switch (record.name) {
    case 'AccessControlEntryRecord':
      state.acls.set(record.value.id, record.value)
      if (touched !== undefined) touched.acls = true
      return
    case 'RemoveAccessControlEntryRecord':
      state.acls.delete(record.value.id)
      if (touched !== undefined) touched.acls = true
      return
    case 'ClientQuotaRecord':
      replayClientQuota(state, record.value)
      return
    case 'UserScramCredentialRecord': {
      const { name, mechanism } = record.value
      state.scramCredentials.set(scramKey(name, mechanism), copied(record.value))
      if (touched !== undefined) touched.scram = true
      return
    }
    case 'RemoveUserScramCredentialRecord':
      state.scramCredentials.delete(scramKey(record.value.name, record.value.mechanism))
      if (touched !== undefined) touched.scram = true
      return
    case 'DelegationTokenRecord':
      state.delegationTokens.set(record.value.tokenId, record.value)
      return
    case 'RemoveDelegationTokenRecord':
      state.delegationTokens.delete(record.value.tokenId)
  }
}

function replayClientQuota(state: MetadataState, body: ValueOf<'ClientQuotaRecord'>): void {
  const key = quotaKey(body.entity)
  const values = new Map(state.quotas.get(key)?.values)
  if (body.remove) values.delete(body.key)
  else values.set(body.key, body.value)
  if (values.size === 0) state.quotas.delete(key)
  else state.quotas.set(key, { entity: body.entity, values } satisfies ClientQuotaImage)
  if (state.touched !== undefined) state.touched.quotas = true
}

/** The same for the same set of (type, name), whatever their order. */
function quotaKey(entity: ValueOf<'ClientQuotaRecord'>['entity']): string {
  const parts = entity.map(({ entityType, entityName }) => JSON.stringify([entityType, entityName]))
  return parts.toSorted().join(',')
}

function scramKey(name: string, mechanism: number): string {
  return `${mechanism}/${name}`
}

/** A decoded body's bytes are views into the batch; what is kept must not pin it. */
function copied(body: ValueOf<'UserScramCredentialRecord'>): ValueOf<'UserScramCredentialRecord'> {
  return {
    ...body,
    salt: body.salt.slice(),
    storedKey: body.storedKey.slice(),
    serverKey: body.serverKey.slice(),
  }
}
