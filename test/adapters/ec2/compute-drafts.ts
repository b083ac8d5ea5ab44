/** Drafts and changes of computes, as the endpoint makes them of what clients send. */
import type { Change, Draft, LinkDraft } from '../../../lib/adapter/contract.ts';
import { splitIdentifier } from '../../../lib/occi/identifiers.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';

/** A mixin of the catalogue; what reads one reads no more of it. */
export const mixinOf = (id: string): Mixin => splitIdentifier(id) as Mixin;

export const computeDraft = (change: Partial<Draft<'compute'>> = {}): Draft<'compute'> => ({
  kind: 'compute',
  attributes: {},
  mixins: [],
  links: [],
  ...change,
});

export const changeOf = (change: Partial<Change<'compute'>>): Change<'compute'> => ({
  set: {},
  unset: [],
  addMixins: [],
  removeMixins: [],
  ...change,
});

const TARGETS = {
  network: 'networkinterface',
  ipreservation: 'networkinterface',
  storage: 'storagelink',
  securitygroup: 'securitygrouplink',
} as const;

/** An inline link to an entity. */
export const linkTo = (kind: keyof typeof TARGETS, id: string, attributes: Attributes = {}): LinkDraft => ({
  kind: TARGETS[kind],
  attributes,
  mixins: [],
  target: { kind, id },
});

const field = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A public key as OpenSSH writes it. The same seed is the same key. */
export const publicKey = (seed = 1, type = 'ssh-ed25519', comment = 'anne@example.org'): string =>
  `${type} ${Buffer.concat([field(type), field(Buffer.alloc(32, seed))]).toString('base64')} ${comment}`;

export const KEY = 'occi.credentials.ssh.publickey';
export const OPENSTACK_KEY = 'org.openstack.credentials.publickey.data';
export const DATA = 'occi.compute.userdata';
export const OPENSTACK_DATA = 'org.openstack.compute.user_data';
