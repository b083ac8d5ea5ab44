/**
 * Keys and user data, which clients send in OGF's attributes, OpenStack's or both: the rule of
 * `lib/adapter/contextualization.ts`, as a client of any cloud sees it.
 */
import { MIXINS, type MixinName } from '../../../lib/occi/mixins/index.ts';
import type { Attributes } from '../../../lib/occi/types.ts';
import { newToken } from './drafts.ts';
import { asKind } from './listings.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

/** A field of an SSH key: its length, then its bytes (RFC 4251 §5). */
const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** A complete public key, different for each seed. */
const publicKey = (seed: number, comment: string): string => {
  const type = 'ssh-ed25519';
  return `${type} ${Buffer.concat([field(Buffer.from(type)), field(Buffer.alloc(32, seed))]).toString('base64')} ${comment}`;
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Case {
  readonly what: string;
  readonly mixins: readonly MixinName[];
  readonly attributes: Attributes;
  readonly agree: boolean;
}

const keys = (ogf: string, openstack: string): Pick<Case, 'mixins' | 'attributes'> => ({
  mixins: ['ssh_key', 'public_key'],
  attributes: { 'occi.credentials.ssh.publickey': ogf, 'org.openstack.credentials.publickey.data': openstack },
});

const userData = (ogf: string, openstack: string): Pick<Case, 'mixins' | 'attributes'> => ({
  mixins: ['user_data', 'openstack_user_data'],
  attributes: { 'occi.compute.userdata': ogf, 'org.openstack.compute.user_data': openstack },
});

const CASES: readonly Case[] = [
  { what: 'takes a key in two forms', agree: true, ...keys(publicKey(1, 'anne'), publicKey(1, 'anne')) },
  {
    what: 'takes a key in two forms with different comments',
    agree: true,
    ...keys(publicKey(1, 'a'), publicKey(1, 'b')),
  },
  { what: 'refuses two different keys', agree: false, ...keys(publicKey(1, 'anne'), publicKey(2, 'anne')) },
  { what: 'takes user data as text and as base64', agree: true, ...userData('#!/bin/sh\n', base64('#!/bin/sh\n')) },
  { what: 'takes user data as base64 twice', agree: true, ...userData(base64('#!/bin/sh\n'), base64('#!/bin/sh\n')) },
  // On its own, the text would itself be valid base64.
  { what: 'takes a text that looks like base64 beside its base64', agree: true, ...userData('abcd', base64('abcd')) },
  { what: 'refuses user data that says two things', agree: false, ...userData('one', base64('two')) },
];

/** The cases. The test of an adapter that does not act on a mixin must skip those that need it, with that reason. */
export function firstBootCases({ holds, own, drafted }: Workbench): void {
  for (const { what, mixins, attributes, agree } of CASES) {
    holds('compute', what, ['create'], async () => {
      const lacking = mixins.filter((name) => !own().mixins.includes(name));
      if (lacking.length > 0) throw new Error(`skip this case: the adapter does not act on ${lacking.join(' and ')}`);
      const draft = await drafted(own(), 'compute');
      const made = asKind(own(), 'compute').create!(
        {
          ...draft,
          attributes: { ...draft.attributes, ...attributes },
          mixins: [...draft.mixins, ...mixins.map((name) => MIXINS[name])],
        },
        newToken(),
      );
      if (agree) await made;
      else await fails(made, 'conflict');
    });
  }
}
