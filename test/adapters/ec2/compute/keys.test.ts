import { DeleteKeyPairCommand, DescribeInstancesCommand, ImportKeyPairCommand } from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { publicKeyOf, userDataOf } from '../../../../adapters/ec2/compute/contextualization.ts';
import { dropKey, importKey, keyName } from '../../../../adapters/ec2/compute/keys.ts';
import { fails } from '../../../contract/adapter.ts';
import { DATA, KEY, OPENSTACK_DATA, OPENSTACK_KEY, publicKey } from '../compute-drafts.ts';
import { cloudOf, mocked, refusedWith } from '../mocked.ts';

const mock = mocked();
const cloud = cloudOf({ attempts: 1 });
const keyOf = (seed = 1, name = KEY) => publicKeyOf({ [name]: publicKey(seed) })!;

beforeEach(() => {
  mock.reset();
  mock.on(ImportKeyPairCommand).resolves({});
  mock.on(DescribeInstancesCommand).resolves({});
  mock.on(DeleteKeyPairCommand).resolves({});
});

describe('The name of a key', () => {
  test('follows from the key and the tenant, and from nothing else', () => {
    const name = keyName(cloud, keyOf());
    expect(name).toMatch(/^occi-[0-9a-f]{64}$/);
    expect(keyName(cloud, keyOf(1, OPENSTACK_KEY))).toBe(name);
    expect(keyName(cloud, publicKeyOf({ [KEY]: publicKey(1, 'ssh-ed25519', 'elsewhere') })!)).toBe(name);
    expect(keyName(cloud, keyOf(2))).not.toBe(name);
    expect(keyName(cloudOf({}, 'bob'), keyOf())).not.toBe(name);
  });
});

describe('An import', () => {
  test('is sent once for many that want it at the same time', async () => {
    const one = cloudOf({ attempts: 1 });
    const names = await Promise.all([1, 2, 3, 4].map(() => importKey(one, keyOf(3))));
    expect(new Set(names).size).toBe(1);
    expect(mock.commandCalls(ImportKeyPairCommand)).toHaveLength(1);
    const { input } = mock.commandCalls(ImportKeyPairCommand)[0]!.args[0];
    expect(Buffer.from(input.PublicKeyMaterial!).toString()).toBe(publicKey(3).split(' ').slice(0, 2).join(' '));
    expect(input.TagSpecifications).toEqual([
      { ResourceType: 'key-pair', Tags: [{ Key: 'occi:tenant', Value: one.account.tenant }] },
    ]);
  });

  test('of what is there already is done', async () => {
    mock.on(ImportKeyPairCommand).rejects(refusedWith('InvalidKeyPair.Duplicate'));
    expect(await importKey(cloud, keyOf(4))).toBe(keyName(cloud, keyOf(4)));
  });

  test('that failed is tried again', async () => {
    mock
      .on(ImportKeyPairCommand)
      .rejectsOnce(refusedWith('RequestLimitExceeded', 'x', 503))
      .resolves({});
    await fails(importKey(cloud, keyOf(5)), 'unavailable');
    await importKey(cloud, keyOf(5));
    expect(mock.commandCalls(ImportKeyPairCommand)).toHaveLength(2);
  });
});

describe('A key that no compute uses', () => {
  const name = keyName(cloud, keyOf(6));

  test('is deleted, and imported again when it is wanted', async () => {
    await importKey(cloud, keyOf(6));
    await dropKey(cloud, name);
    expect(mock.commandCalls(DeleteKeyPairCommand)).toHaveLength(1);
    await importKey(cloud, keyOf(6));
    expect(mock.commandCalls(ImportKeyPairCommand)).toHaveLength(2);
  });

  test('is left alone while a machine has it, or was not made here', async () => {
    for (const other of [undefined, 'my-key', 'occi-mine', `x${name}`, `${name}0`]) await dropKey(cloud, other);
    expect(mock.calls()).toEqual([]);
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [], NextToken: 'more' });
    await dropKey(cloud, name);
    const using = { InstanceId: 'i-1', InstanceType: 't3.micro' as const, State: { Name: 'stopped' as const } };
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [using] }] });
    await dropKey(cloud, name);
    expect(mock.commandCalls(DeleteKeyPairCommand)).toEqual([]);
  });

  test('is deleted though EC2 still shows the machine that is leaving', async () => {
    const leaving = { InstanceId: 'i-1', InstanceType: 't3.micro' as const, State: { Name: 'running' as const } };
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [leaving] }] });
    expect(await dropKey(cloud, name, 'i-2')).toBe(false);
    expect(await dropKey(cloud, name, 'i-1')).toBe(true);
    expect(mock.commandCalls(DeleteKeyPairCommand)).toHaveLength(1);
  });

  test('makes nothing else fail', async () => {
    mock.on(DescribeInstancesCommand).rejects(new Error('cut'));
    await dropKey(cloud, name);
    mock.on(DescribeInstancesCommand).resolves({});
    mock.on(DeleteKeyPairCommand).rejects(refusedWith('UnauthorizedOperation', 'x', 403));
    await dropKey(cloud, name);
  });
});

describe('A key that EC2 does not take', () => {
  const BAD = [
    publicKey(1, 'ecdsa-sha2-nistp256'),
    publicKey(1, 'ssh-dss'),
    publicKey(1, 'sk-ssh-ed25519@openssh.com'),
    'ssh-rsa',
    'ssh-rsa AAAA',
    `ssh-rsa ${publicKey().split(' ')[1]}`,
    'ssh-ed25519 /////w==',
    '',
  ];
  test.each(BAD)('is named by its attribute: %s', async (key) => {
    for (const name of [KEY, OPENSTACK_KEY]) {
      expect(await fails((async () => publicKeyOf({ [name]: key }))(), 'invalid')).toContain(name);
    }
  });
});

describe('User data', () => {
  test('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        expect(userDataOf({ [OPENSTACK_DATA]: base64 })).toBe(base64);
        expect(userDataOf({ [DATA]: base64 })).toBe(base64);
      }),
    );
  });

  test('of OpenStack may be broken into lines and safe in URLs', () => {
    const bytes = Buffer.from('>>>???~~~ÿÿ');
    const url = bytes.toString('base64url');
    expect(userDataOf({ [OPENSTACK_DATA]: `${url.slice(0, 4)}\r\n${url.slice(4)}\n` })).toBe(bytes.toString('base64'));
  });

  test('as text is that text', () => {
    for (const text of ['#!/bin/sh\n', 'a', '#cloud-config', 'ÄÖ']) {
      expect(Buffer.from(userDataOf({ [DATA]: text })!, 'base64').toString()).toBe(text);
    }
    expect(userDataOf({})).toBeUndefined();
    expect(userDataOf({ [DATA]: '' })).toBeUndefined();
  });

  test('is counted in bytes before base64', async () => {
    const most = 'Ä'.repeat(8192);
    expect(userDataOf({ [DATA]: most })).toBeDefined();
    expect(userDataOf({ [OPENSTACK_DATA]: Buffer.from(most).toString('base64') })).toBeDefined();
    expect(await fails((async () => userDataOf({ [DATA]: `${most}.` }))(), 'invalid')).toContain(DATA);
    const long = Buffer.from(`${most}.`).toString('base64');
    expect(await fails((async () => userDataOf({ [OPENSTACK_DATA]: long }))(), 'invalid')).toContain(OPENSTACK_DATA);
  });
});
