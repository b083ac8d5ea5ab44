/**
 * Keys and user data: OCCI's two forms of each (INF-17, INF-18, EXT-1, EXT-2) as a launch takes them. Both are for the
 * guest's first boot: EC2 changes neither of them later in a way that the guest would see, and tells neither again with
 * the machine.
 */
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes } from '../../../lib/occi/types.ts';

const KEY = { ogf: 'occi.credentials.ssh.publickey', openstack: 'org.openstack.credentials.publickey.data' } as const;
const DATA = { ogf: 'occi.compute.userdata', openstack: 'org.openstack.compute.user_data' } as const;

/** The name that OpenStack's clients give to a key. EC2 has names of its own for keys, so the store keeps it. */
export const KEY_NAME = 'org.openstack.credentials.publickey.name';

/** The attributes that are for the first boot. */
export const KEYS: readonly string[] = [KEY.ogf, KEY.openstack];
export const USER_DATA: readonly string[] = [DATA.ogf, DATA.openstack];

/** Longest user data, in bytes before base64 (EC2 User Guide, Instance user data). */
const LONGEST = 16_384;

/** A public key in OpenSSH's form, without its comment. */
export interface PublicKey {
  /** The attribute that it came in. */
  readonly attribute: string;
  readonly type: string;
  /** Base64. */
  readonly blob: string;
}

type Form = Readonly<Record<'ogf' | 'openstack', string>>;

const textOf = (attributes: Attributes, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
};

const differing = (called: string, { ogf, openstack }: Form): OcciError =>
  new OcciError('conflict', `The ${called} is given twice and differently, as ${ogf} and as ${openstack}.`);

/** What EC2 imports (EC2 User Guide, Key pairs); ECDSA and DSA keys are none of it. */
const TAKEN: readonly string[] = ['ssh-rsa', 'ssh-ed25519'];

/** The type that the data of a key says of itself: text behind its length (RFC 4253, 6.6). */
function typeWithin(blob: string): string | undefined {
  const bytes = Buffer.from(blob, 'base64');
  const length = bytes.length > 4 ? bytes.readUInt32BE(0) : 0;
  return bytes.length > 4 + length ? bytes.toString('latin1', 4, 4 + length) : undefined;
}

/** Throws `invalid` naming the attribute for a key that EC2 cannot take. */
function keyOf(attribute: string, text: string): PublicKey {
  const [type = '', blob = ''] = text.trim().split(/\s+/);
  if (!TAKEN.includes(type)) {
    const message = `The key in ${attribute} is of the type ${type.slice(0, 64)}; this cloud takes ${TAKEN.join(' and ')}.`;
    throw new OcciError('invalid', message);
  }
  if (typeWithin(blob) !== type) throw new OcciError('invalid', `The value of ${attribute} is not a whole public key.`);
  return { attribute, type, blob };
}

/** The key of a draft. Throws `invalid` for one that EC2 cannot take, `conflict` when two forms name two keys (EXT-3). */
export function publicKeyOf(attributes: Attributes): PublicKey | undefined {
  const keys = KEYS.flatMap((name) => {
    const text = textOf(attributes, name);
    return text === undefined ? [] : [keyOf(name, text)];
  });
  const [one, other] = keys;
  if (one && other && one.blob !== other.blob) throw differing('public key', KEY);
  return one;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * OGF's form is base64 in practice, and plain text is taken as well; OpenStack's is always base64, with line breaks
 * perhaps.
 */
const bytesOf = (name: string, text: string): Buffer =>
  name === DATA.openstack || (text !== '' && BASE64.test(text)) ? Buffer.from(text, 'base64') : Buffer.from(text);

/**
 * The user data of a draft in base64. Throws `invalid` naming the attribute when it is too long, `conflict` when it is
 * given twice.
 */
export function userDataOf(attributes: Attributes): string | undefined {
  const all = USER_DATA.flatMap((name) => {
    const text = textOf(attributes, name);
    if (text === undefined) return [];
    const bytes = bytesOf(name, text);
    if (bytes.length <= LONGEST) return [bytes.toString('base64')];
    throw new OcciError('invalid', `The value of ${name} has ${bytes.length} bytes; this cloud takes ${LONGEST}.`);
  });
  const [one, other] = all;
  if (other !== undefined && other !== one) throw differing('user data', DATA);
  return one === '' ? undefined : one;
}
