/** Hostile values that users can write into OpenNebula, and the harm that they must not do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { clientText } from '../../../adapters/opennebula/api/client-text.ts';
import { OneRefusal, withoutSecret } from '../../../adapters/opennebula/api/xml-rpc.ts';
import { decodeInPlace } from '../../../adapters/opennebula/api/xml-text.ts';
import { compute } from '../../../adapters/opennebula/compute/compute.ts';
import { readCatalogue } from '../../../adapters/opennebula/mixins.ts';
import { network } from '../../../adapters/opennebula/network/network.ts';
import { storage } from '../../../adapters/opennebula/storage/storage.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';
import { processorTime } from '../../processor-time.ts';
import { callerOf } from './caller.ts';

let one: OpenNebula;
beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
});
afterAll(() => one.close());

const alice = () => callerOf(one.endpoint);
const call = (method: string, ...params: (string | number)[]) => alice().client.call(method, params, z.unknown());
const machine = async (template: string) => {
  const params = [`<T><CPU>0.1</CPU><MEMORY>64</MEMORY>${template}</T>`, true] as const;
  return String(await alice().client.call('one.vm.allocate', params, z.int()));
};

describe('A machine', () => {
  test('has no mixin that its owner only claims', async () => {
    const claims = [
      'http://example.org/x#y\nX-OCCI-Attribute:\u00a0occi.core.summary="spoofed"',
      'constructor',
      'a;b#c',
      'http://schemas.opennebula.org/occi/infrastructure/os_tpl#template-9999999',
      'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#huge',
    ];
    const id = await machine(`<OCCI_MIXINS>${claims.join(' ')}</OCCI_MIXINS>`);
    expect((await compute(alice()).get(id)).mixins).toEqual([]);
  });

  test('with several lines for a description shows one', async () => {
    const id = await machine('<DESCRIPTION>first\nsecond</DESCRIPTION>');
    expect((await compute(alice()).get(id)).attributes['occi.core.summary']).toBe('first second');
  });

  test('has the memory that it was given, in the shortest number', async () => {
    for (const gib of [0.0625, 1.0625, 1.7, 0.5, 3, 0.1]) {
      const attributes = { 'occi.compute.memory': gib, 'occi.compute.cores': 3, 'occi.compute.speed': 0.333 };
      const draft = { kind: 'compute', attributes, mixins: [], links: [] } as const;
      const { id } = await compute(alice()).create!(draft, `memory ${gib}`);
      expect((await compute(alice()).get(id)).attributes).toMatchObject(attributes);
    }
  });
});

test('a network with several lines for a description shows one', async () => {
  await call('one.vn.update', 1, 'DESCRIPTION = "first\nsecond"', 1).catch(() => undefined);
  const admin = callerOf(one.endpoint, { session: 'oneadmin:password' });
  await admin.client.call('one.vn.update', [1, 'DESCRIPTION = "first\nsecond"', 1], z.unknown());
  expect((await network(alice()).get('1')).attributes['occi.core.summary']).toBe('first second');
});

test('a VM template that says it is a size is one, and no OS template', async () => {
  const size = '<T><NAME>tiny</NAME><OCCI_RESOURCE_TPL>YES</OCCI_RESOURCE_TPL><VCPU>2</VCPU><CPU>1</CPU>';
  const id = await alice().client.call('one.template.allocate', [`${size}<MEMORY>256</MEMORY></T>`], z.int());
  const { mixins } = await readCatalogue(alice());
  const found = mixins.filter(({ title }) => title === 'tiny');
  expect(found.map(typeId)).toEqual([
    `http://schemas.opennebula.org/occi/infrastructure/resource_tpl#size-${String(id).padStart(7, '0')}`,
  ]);
  expect(found[0]!.attributes?.['occi.compute.memory']?.default).toBe(0.25);
});

test('what is made in the datastore of one caller is not made there for another', async () => {
  const draft = { kind: 'storage', attributes: { 'occi.storage.size': 1 }, mixins: [], links: [] } as const;
  const made = (session: string) => storage(callerOf(one.endpoint, { session })).create!(draft, `for ${session}`);
  await made('alice:password');
  const before = one.methods.length;
  await made('bob:password');
  expect(one.methods.slice(before)).toContain('one.datastorepool.info');
});

describe('Texts of any length', () => {
  const milliseconds = (run: () => unknown): number => {
    const spent = processorTime();
    run();
    return spent();
  };

  test('are made fit for users in a time that does not grow with their square', () => {
    expect(milliseconds(() => clientText(`a${' '.repeat(400_000)}b`))).toBeLessThan(500);
  });

  test('are decoded one by one, each within its own piece', () => {
    const many = Buffer.from('1'.repeat(4_000_000));
    const decode = () => {
      for (let at = 0; at < 400_000; at += 1) decodeInPlace(many, at, at + 1);
    };
    expect(milliseconds(decode)).toBeLessThan(2000);
  });
});

test('a refusal that quotes the session does not bring it to the log', () => {
  const refusal = new OneRefusal(2048, '[one.x] user alice:long-password said long-password');
  const { sentence, message } = withoutSecret(refusal, 'alice:long-password');
  expect(sentence + message).not.toContain('long-password');
});
