/**
 * Keys and user data in the form that a launch takes. Both are for the guest's first boot: EC2 cannot change either of
 * them later in a way that the guest would see, and does not return them with the machine.
 */
import * as shared from '../../../lib/adapter/contextualization.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';

/** Longest user data, in bytes before base64 (EC2 User Guide, Instance user data). */
const MAX_USER_DATA_BYTES = 16_384;

/** The key types that EC2 imports (EC2 User Guide, Key pairs); it refuses ECDSA and DSA keys. */
const KEY_TYPES: readonly string[] = ['ssh-rsa', 'ssh-ed25519'];

/** The type that the data of a key names itself: a string after its length (RFC 4253, 6.6). */
function typeWithin(data: string): string | undefined {
  const bytes = Buffer.from(data, 'base64');
  const length = bytes.length > 4 ? bytes.readUInt32BE(0) : 0;
  return bytes.length > 4 + length ? bytes.toString('latin1', 4, 4 + length) : undefined;
}

/** The key of a draft. Throws `invalid` for one that EC2 does not import, `conflict` when two forms disagree. */
export function publicKeyOf(attributes: Attributes): shared.PublicKey | undefined {
  const key = shared.publicKeyOf(attributes);
  if (!key) return undefined;
  const { attribute, type, data } = key;
  if (!KEY_TYPES.includes(type)) {
    const message = `The key in ${attribute} is of the type ${type.slice(0, 64)}; this cloud takes ${KEY_TYPES.join(' and ')}.`;
    throw new OcciError('invalid', message);
  }
  if (typeWithin(data) !== type) throw new OcciError('invalid', `The value of ${attribute} is not a whole public key.`);
  return key;
}

/**
 * The user data of a draft in base64; undefined if there is none or it is empty. Throws `invalid` naming the attribute
 * when it is too long, `conflict` when two forms disagree.
 */
export function userDataOf(attributes: Attributes): string | undefined {
  const data = shared.userDataOf(attributes);
  if (!data || data.bytes.length === 0) return undefined;
  const { attribute, bytes } = data;
  if (bytes.length <= MAX_USER_DATA_BYTES) return bytes.toString('base64');
  const message = `The value of ${attribute} has ${bytes.length} bytes; this cloud takes ${MAX_USER_DATA_BYTES}.`;
  throw new OcciError('invalid', message);
}
