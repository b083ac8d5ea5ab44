/** XML-RPC as oned speaks it (xmlrpc-c 1.33): calls out; tuples, faults and multicall answers in. */
import { cannotSend } from './xml-text.ts';

export type Param = string | number | boolean;

/**
 * A value of an answer. Integers of every width are numbers; `i8` stands in each refusal. A long document is the bytes of
 * the answer that hold it.
 */
export type Value = string | Buffer | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** An answer that oned cannot have sent. Its message is for the log and quotes nothing from the answer. */
export class NotXmlRpc extends Error {
  override readonly name = 'NotXmlRpc';
}

/** oned understood and refused, or answered with a fault (negative code). The sentence is its own, for the log. */
export class OneRefusal extends Error {
  override readonly name = 'OneRefusal';
  /** 256 authentication, 512 authorization, 1024 no such object, 2048 action, 4096 API, 8192 internal, 16384 allocate … */
  readonly code: number;
  readonly sentence: string;
  /** Native id of the object that the refusal is about, if oned names it. */
  readonly objectId: number | undefined;

  constructor(code: number, sentence: string, objectId?: number) {
    // A fault about bad XML quotes what stood there, which may be a secret.
    const text = sentence.replace(/Problem with token at.*/s, '').trim();
    super(`${code}: ${text}`);
    this.code = code;
    this.sentence = text;
    this.objectId = objectId === undefined || objectId < 0 ? undefined : objectId;
  }
}

/** Shorter secrets may be ordinary words of a message. */
const MIN_SECRET_CHARS = 8;

/** The refusal without the session or its secret, should it quote them: messages go to the log. */
export function withoutSecret(refusal: OneRefusal, session: string): OneRefusal {
  const secret = session.slice(session.indexOf(':') + 1);
  const secrets = secret.length < MIN_SECRET_CHARS ? [session] : [session, secret];
  if (!secrets.some((one) => refusal.sentence.includes(one))) return refusal;
  const masked = secrets.reduce((text, one) => text.replaceAll(one, '…'), refusal.sentence);
  return new OneRefusal(refusal.code, masked, refusal.objectId);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const escapeText = (text: string): string => text.replace(/[&<>\r]/g, (character) => ESCAPES[character]!);

function encodeValue(param: Param): string {
  if (typeof param === 'boolean') return `<value><boolean>${param ? 1 : 0}</boolean></value>`;
  if (typeof param === 'number') {
    if (!Number.isInteger(param) || Math.abs(param) > 0x7fffffff) throw new RangeError('XML-RPC has no such integer');
    return `<value><i4>${param}</i4></value>`;
  }
  const why = cannotSend(param);
  if (why !== undefined) throw new RangeError(`XML-RPC cannot carry a text that ${why}`);
  return `<value><string>${escapeText(param)}</string></value>`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<methodCall><methodName>';

/** A call as a request body. Throws a `RangeError` for a text or number that XML-RPC cannot carry. */
export const encodeCall = (method: string, params: readonly Param[]): string =>
  `${HEAD}${method}</methodName><params>${params.map((param) => `<param>${encodeValue(param)}</param>`).join('')}</params></methodCall>`;

/** Several calls as one: `system.multicall`. */
export function encodeMulticall(
  calls: readonly { readonly method: string; readonly params: readonly Param[] }[],
): string {
  const entry = ({ method, params }: (typeof calls)[number]): string =>
    `<value><struct><member><name>methodName</name>${encodeValue(method)}</member><member><name>params</name>` +
    `<value><array><data>${params.map(encodeValue).join('')}</data></array></value></member></struct></value>`;
  const list = `<value><array><data>${calls.map(entry).join('')}</data></array></value>`;
  return `${HEAD}system.multicall</methodName><params><param>${list}</param></params></methodCall>`;
}

/** What a tuple holds: its value, or the refusal that it is (3 items when it went well, 4 or 5 when not). */
export function tupleResult(value: Value): Value | OneRefusal {
  if (isStruct(value) && typeof value.faultCode === 'number') {
    return new OneRefusal(value.faultCode, typeof value.faultString === 'string' ? value.faultString : '');
  }
  if (!Array.isArray(value)) throw new NotXmlRpc('the answer is not a tuple');
  const [success, result, code, objectId] = value as readonly Value[];
  if (success === true && result !== undefined) return result;
  if (success === false && typeof result === 'string' && typeof code === 'number') {
    return new OneRefusal(code, result, typeof objectId === 'number' ? objectId : undefined);
  }
  throw new NotXmlRpc('the answer is a tuple of another kind');
}

const isStruct = (value: Value | undefined): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);

/** The tuples or faults inside the answer to a multicall of `count` calls, in place. */
export function multicallResults(answer: Value, count: number): readonly (Value | OneRefusal)[] {
  const failed = isStruct(answer) ? tupleResult(answer) : undefined;
  if (failed instanceof OneRefusal) throw failed;
  if (!Array.isArray(answer) || answer.length !== count) throw new NotXmlRpc('the answer has not one entry per call');
  return (answer as readonly Value[]).map((entry) =>
    // Each result is wrapped in an array of one, as the multicall convention wants it.
    tupleResult(Array.isArray(entry) && entry.length === 1 ? (entry[0] as Value) : entry),
  );
}
