/**
 * Keys and user data for the first boot of a machine. Clients send each in OGF's attributes (INF-17, INF-18), in
 * OpenStack's (EXT-1, EXT-2), or in both. Two forms that mean the same bytes, or the same key apart from its comment,
 * agree; forms that disagree are refused (EXT-3).
 */
import { OcciError } from '../errors.ts';
import type { Attributes } from '../occi/types.ts';
import type { Change } from './contract.ts';

interface Forms {
  readonly ogf: string;
  readonly openstack: string;
}

export const PUBLIC_KEY = {
  ogf: 'occi.credentials.ssh.publickey',
  openstack: 'org.openstack.credentials.publickey.data',
} as const satisfies Forms;

export const USER_DATA = {
  ogf: 'occi.compute.userdata',
  openstack: 'org.openstack.compute.user_data',
} as const satisfies Forms;

/** The name that OpenStack's clients give to a key. */
export const KEY_NAME = 'org.openstack.credentials.publickey.name';

/** Both attributes of a value. */
export const namesOf = ({ ogf, openstack }: Forms): readonly string[] => [ogf, openstack];

/** A public key in OpenSSH's form: type, data and perhaps a comment. */
export interface PublicKey {
  /** The attribute that it came in. */
  readonly attribute: string;
  /** The whole line, with the comment. */
  readonly text: string;
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The key itself, in base64. */
  readonly data: string;
}

interface UserData {
  /** The attribute that it came in. */
  readonly attribute: string;
  readonly bytes: Buffer;
  /** True if OGF's attribute holds the bytes as plain text, not as base64. */
  readonly isText: boolean;
}

const textOf = (attributes: Attributes, name: string): string | undefined => {
  const value = attributes[name];
  return typeof value === 'string' ? value : undefined;
};

const disagreement = (value: string, { ogf, openstack }: Forms): OcciError =>
  new OcciError('conflict', `The ${value} is given twice and differently, as ${ogf} and as ${openstack}.`);

function keyIn(attributes: Attributes, attribute: string): PublicKey | undefined {
  const text = textOf(attributes, attribute);
  if (text === undefined) return undefined;
  const [type = '', data = ''] = text.trim().split(/\s+/);
  return { attribute, text, type, data };
}

/**
 * The public key among the attributes of a compute, if there is one. Whether it is a valid key, and of a type that the
 * cloud accepts, is for the adapter to check. Throws `conflict` when the two forms hold different keys.
 */
export function publicKeyOf(attributes: Attributes): PublicKey | undefined {
  const ogf = keyIn(attributes, PUBLIC_KEY.ogf);
  const openstack = keyIn(attributes, PUBLIC_KEY.openstack);
  if (ogf && openstack && (ogf.type !== openstack.type || ogf.data !== openstack.data))
    throw disagreement('public key', PUBLIC_KEY);
  return ogf ?? openstack;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const isBase64 = (text: string): boolean => text !== '' && BASE64.test(text);

/**
 * The user data among the attributes of a compute, if there is any. OpenStack's attribute is always base64, perhaps with
 * line breaks. OGF's is base64 in practice and plain text otherwise; a text such as `abcd` can be both, and is read as
 * what OpenStack's attribute says where that is present. Throws `conflict` when the two forms hold different bytes.
 */
export function userDataOf(attributes: Attributes): UserData | undefined {
  const ogf = textOf(attributes, USER_DATA.ogf);
  const openstack = textOf(attributes, USER_DATA.openstack);
  const text = ogf === undefined ? undefined : Buffer.from(ogf);
  if (openstack === undefined) {
    if (ogf === undefined || text === undefined) return undefined;
    const isText = !isBase64(ogf);
    return { attribute: USER_DATA.ogf, bytes: isText ? text : Buffer.from(ogf, 'base64'), isText };
  }
  // Beside OpenStack's attribute OGF's may be its base64 with line breaks as well.
  const unbroken = ogf?.replace(/[\r\n]/g, '') ?? '';
  const decoded = isBase64(unbroken) ? Buffer.from(unbroken, 'base64') : undefined;
  const bytes = Buffer.from(openstack, 'base64');
  const isText = decoded?.equals(bytes) !== true && text?.equals(bytes) === true;
  if (text !== undefined && !isText && decoded?.equals(bytes) !== true) throw disagreement('user data', USER_DATA);
  return { attribute: USER_DATA.openstack, bytes, isText };
}

/**
 * The forms that a change leaves behind: where it sets one form of a value and the entity has the other, that one gets
 * the same value. For a cloud that stores both forms.
 */
export function alignedForms(
  { set, unset }: Pick<Change, 'set' | 'unset'>,
  before: Attributes,
): Readonly<Record<string, string>> {
  const isLeft = (name: string) => set[name] === undefined && before[name] !== undefined && !unset.includes(name);
  const [key, data] = [publicKeyOf(set), userDataOf(set)];
  const base64 = data?.bytes.toString('base64') ?? '';
  return Object.fromEntries(
    [
      ...(key ? namesOf(PUBLIC_KEY).map((name) => [name, key.text]) : []),
      ...(data
        ? [
            [USER_DATA.openstack, base64],
            [USER_DATA.ogf, data.isText ? data.bytes.toString() : base64],
          ]
        : []),
    ].filter(([name]) => isLeft(name!)),
  );
}

/** For a cloud that keeps both forms as they are. Throws `conflict` when they disagree. */
export function requireAgreement(attributes: Attributes): void {
  publicKeyOf(attributes);
  userDataOf(attributes);
}
