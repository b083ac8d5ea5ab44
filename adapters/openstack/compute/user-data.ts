/** User data as Nova takes it: base64. What is not makes Nova fail with 500, so it never reaches it. */
import { userDataOf } from '../../../lib/adapter/contextualization.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';

/** Longest base64 (Compute API, Create server: 65535 bytes). */
const MAX_BASE64_CHARS = 65_535;
/** What fits in it. */
const MAX_BYTES = Math.floor(MAX_BASE64_CHARS / 4) * 3;

/** The user data of a draft in base64. Throws `invalid` naming the attribute if it is too long. */
export function nativeUserData(attributes: Attributes): string | undefined {
  const data = userDataOf(attributes);
  if (!data) return undefined;
  if (data.bytes.length > MAX_BYTES) {
    throw new OcciError(
      'invalid',
      `The user data (${data.attribute}) has ${data.bytes.length} bytes, and this cloud takes at most ${MAX_BYTES}.`,
    );
  }
  return data.bytes.toString('base64');
}
