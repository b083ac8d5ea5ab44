import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  alignedForms,
  PUBLIC_KEY,
  publicKeyOf,
  USER_DATA,
  userDataOf,
} from '../../../lib/adapter/contextualization.ts';
import { OcciError } from '../../../lib/errors.ts';

const failureOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof OcciError) return `${error.failure}: ${error.message}`;
    throw error;
  }
  return 'none';
};

const base64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64');

describe('The public key of a compute', () => {
  const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ';

  test('comes in either attribute', () => {
    for (const attribute of Object.values(PUBLIC_KEY)) {
      expect(publicKeyOf({ [attribute]: `${KEY} anne` })).toEqual({
        attribute,
        text: `${KEY} anne`,
        type: 'ssh-ed25519',
        data: 'AAAAC3NzaC1lZDI1NTE5AAAAIJ',
      });
    }
    expect(publicKeyOf({})).toBeUndefined();
  });

  test('is one key in both attributes, whatever the comments', () => {
    const key = publicKeyOf({ [PUBLIC_KEY.ogf]: `${KEY} anne@home`, [PUBLIC_KEY.openstack]: KEY });
    expect(key?.text).toBe(`${KEY} anne@home`);
  });

  test.each([`${KEY}K`, KEY.replace('ed25519', 'rsa')])('is a conflict when the attributes hold two: %s', (other) => {
    expect(failureOf(() => publicKeyOf({ [PUBLIC_KEY.ogf]: KEY, [PUBLIC_KEY.openstack]: other }))).toBe(
      'conflict: The public key is given twice and differently, as occi.credentials.ssh.publickey and as ' +
        'org.openstack.credentials.publickey.data.',
    );
  });
});

describe('The user data of a compute', () => {
  const dataOf = (ogf?: string, openstack?: string) =>
    userDataOf({
      ...(ogf !== undefined && { [USER_DATA.ogf]: ogf }),
      ...(openstack !== undefined && { [USER_DATA.openstack]: openstack }),
    });

  test.each<[string | undefined, string | undefined, string, boolean]>([
    ['#!/bin/sh\n', undefined, '#!/bin/sh\n', true],
    [base64('#!/bin/sh\n'), undefined, '#!/bin/sh\n', false],
    [undefined, base64('#!/bin/sh\n'), '#!/bin/sh\n', false],
    ['#!/bin/sh\n', base64('#!/bin/sh\n'), '#!/bin/sh\n', true],
    [base64('#!/bin/sh\n'), base64('#!/bin/sh\n'), '#!/bin/sh\n', false],
    // Base64 itself when read alone; beside OpenStack's attribute it is the text that this one encodes.
    ['abcd', base64('abcd'), 'abcd', true],
    // Broken into lines, in one attribute or in both.
    ['IyEvYmlu\nL3NoCg==\n', 'IyEvYmluL3NoCg==', '#!/bin/sh\n', false],
    ['IyEvYmlu\nL3NoCg==', 'IyEvYmlu\nL3NoCg==', '#!/bin/sh\n', false],
    ['', undefined, '', true],
    ['', '', '', true],
  ])('in OGF’s form %j and OpenStack’s %j is %j', (ogf, openstack, text, isText) => {
    const data = dataOf(ogf, openstack);
    expect([data?.bytes.toString(), data?.isText]).toEqual([text, isText]);
  });

  test('is absent where neither attribute is there', () => {
    expect(dataOf()).toBeUndefined();
  });

  test('is a conflict when the attributes hold different bytes', () => {
    expect(failureOf(() => dataOf('one', base64('two')))).toMatch(/^conflict: The user data is given twice/);
  });

  test('agrees with itself in every pair of forms, and with nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (one, other) => {
        const [bytes, others] = [Buffer.from(one), Buffer.from(other)];
        expect(dataOf(base64(bytes), base64(bytes))?.bytes.equals(bytes)).toBe(true);
        expect(dataOf(base64(bytes), `${base64(bytes)}\n`)?.bytes.equals(bytes)).toBe(true);
        if (!bytes.equals(others)) expect(failureOf(() => dataOf(base64(bytes), base64(others)))).toMatch(/^conflict/);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(dataOf(text, base64(text))?.bytes.toString()).toBe(Buffer.from(text).toString());
      }),
    );
  });
});

test('A change of one form brings the other along, where the compute has it', () => {
  const before = { [PUBLIC_KEY.ogf]: 'ssh-rsa AAAA', [USER_DATA.ogf]: 'one', [USER_DATA.openstack]: base64('one') };
  const set = { [PUBLIC_KEY.openstack]: 'ssh-rsa BBBB anne', [USER_DATA.openstack]: base64('two') };
  expect(alignedForms({ set, unset: [] }, before)).toEqual({
    [PUBLIC_KEY.ogf]: 'ssh-rsa BBBB anne',
    [USER_DATA.ogf]: base64('two'),
  });
  expect(alignedForms({ set, unset: [PUBLIC_KEY.ogf, USER_DATA.ogf] }, before)).toEqual({});
  expect(alignedForms({ set, unset: [] }, {})).toEqual({});
});
