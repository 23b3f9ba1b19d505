// Records of __cluster_metadata about ACLs, credentials and tokens.
import { array, bytes, int32, int64, int8, message, string, uuid } from '../schema/index.ts'

export const DelegationTokenRecord = message('DelegationTokenRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    owner: string,
    requester: string,
    renewers: array(string),
    issueTimestamp: int64,
    maxTimestamp: int64,
    expirationTimestamp: int64,
    tokenId: string,
  },
})

export const RemoveDelegationTokenRecord = message('RemoveDelegationTokenRecord', {
  versions: '0',
  flexible: '0+',
  fields: { tokenId: string },
})

export const UserScramCredentialRecord = message('UserScramCredentialRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    name: string,
    mechanism: int8,
    salt: bytes,
    storedKey: bytes,
    serverKey: bytes,
    iterations: int32,
  },
})

export const RemoveUserScramCredentialRecord = message('RemoveUserScramCredentialRecord', {
  versions: '0',
  flexible: '0+',
  fields: { name: string, mechanism: int8 },
})

export const AccessControlEntryRecord = message('AccessControlEntryRecord', {
  versions: '0',
  flexible: '0+',
  fields: {
    id: uuid,
    resourceType: int8,
    resourceName: string,
    patternType: int8,
    principal: string,
    host: string,
    operation: int8,
    permissionType: int8,
  },
})

export const RemoveAccessControlEntryRecord = message('RemoveAccessControlEntryRecord', {
  versions: '0',
  flexible: '0+',
  fields: { id: uuid },
})
