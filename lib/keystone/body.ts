/** The JSON of a login. */
import * as z from 'zod';
import { OcciError } from '../errors.ts';
import type { HttpRequest } from '../http/message.ts';

/** The limit of Keystone itself, `[oslo_middleware] max_request_body_size`. */
const MAX_BODY_BYTES = 114_688;

const invalid = (message: string, cause?: unknown): OcciError => new OcciError('invalid', message, { cause });

function jsonOf({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): unknown {
  const [type = ''] = headers['content-type'] ?? [];
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw invalid('A login is JSON: send it with Content-Type: application/json.');
  }
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) {
    throw new OcciError('tooLarge', `The body of a login may have ${MAX_BODY_BYTES} bytes.`);
  }
  try {
    return JSON.parse(body);
  } catch {
    // The error of the parser quotes the body, and with it a password: it is no cause for the log.
    throw invalid('The body of the login is not valid JSON.');
  }
}

/** `auth.identity.password.user`, for a message. */
const placeOf = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'the body';

/**
 * The body of a login, by its schema. Unknown members are ignored, as Keystone does. Throws `invalid` naming the member
 * that is wrong, never its value, and `tooLarge`.
 */
export function loginBody<T>(request: Pick<HttpRequest, 'headers' | 'body'>, schema: z.ZodType<T>): T {
  const { data, error } = schema.safeParse(jsonOf(request));
  if (!error) return data as T;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue, ...z.core.$ZodIssue[]];
  throw invalid(`${placeOf(path)}: ${message.replace(/^Invalid input: /, '')}.`);
}

/** A name, password or token. */
export const text = z.string().min(1, 'must not be empty').max(16_384, 'is too long');
