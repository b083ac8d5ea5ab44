/** Key pairs of computes, on the stand-in. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, settings } from '../../../../adapters/openstack/index.ts';
import { MIXINS } from '../../../../lib/occi/mixins/index.ts';
import { memoryTable } from '../../../../lib/table/memory.ts';
import { type OpenStack, startOpenStack } from '../../../openstack/index.ts';

let stand: OpenStack;

beforeAll(async () => {
  stand = await startOpenStack({ step: 5 });
});
afterAll(() => stand.close());

const keyOf = (seed: number): string => {
  const parts = [[0, 0, 0, 11], Buffer.from('ssh-ed25519'), [0, 0, 0, 32], Buffer.alloc(32, seed)];
  return `ssh-ed25519 ${Buffer.concat(parts.map((part) => Buffer.from(part))).toString('base64')} anne`;
};

const IMAGE = '7ee45757-09e6-46e6-9bc8-847da7c611f0';

const computes = () => {
  const adapter = connect({
    settings: settings.parse({ endpoint: stand.endpoint, defaultOsTemplate: IMAGE }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: 'alice', credentials: 'alice:alice-secret' }, deadline: Date.now() + 60_000 });
  return adapter.kinds.compute!;
};

const draft = (name?: string, seed = 7) => ({
  kind: 'compute' as const,
  attributes: {
    'occi.core.title': 'a compute',
    'org.openstack.credentials.publickey.data': keyOf(seed),
    ...(name !== undefined && { 'org.openstack.credentials.publickey.name': name }),
  },
  mixins: [MIXINS.public_key],
  links: [],
});

/** The names of alice's key pairs at Nova. */
async function keys(): Promise<string[]> {
  const answer = await fetch(`${stand.site.origins.compute}/v2.1/os-keypairs`, {
    headers: { 'x-auth-token': stand.token('alice') },
  });
  const { keypairs } = (await answer.json()) as { keypairs: { keypair: { name: string } }[] };
  return keypairs.map(({ keypair }) => keypair.name);
}

test('a key is imported once, and goes with the last compute that has it', async () => {
  const before = await keys();
  const compute = computes();
  const one = await compute.create!(draft(), 'keys 1');
  const other = await compute.create!(draft(), 'keys 2');
  const imported = (await keys()).filter((name) => !before.includes(name));
  expect(imported).toEqual([expect.stringMatching(/^occi-[0-9a-f]{64}$/)]);
  await compute.remove!(one.id);
  expect(await keys()).toEqual(expect.arrayContaining(imported));
  await compute.remove!(other.id);
  expect((await keys()).filter((name) => !before.includes(name))).toEqual([]);
});

test('computes with one key that go at the same time leave no key', async () => {
  const before = await keys();
  const compute = computes();
  const made = [await compute.create!(draft(), 'keys 3'), await compute.create!(draft(), 'keys 4')];
  await Promise.all(made.map(({ id }) => compute.remove!(id)));
  expect(await keys()).toEqual(before);
});

test('a key that another request has deleted is imported again', async () => {
  const compute = computes();
  const one = await compute.create!(draft(), 'keys 5');
  const [name] = await keys();
  await fetch(`${stand.site.origins.compute}/v2.1/os-keypairs/${name}`, {
    method: 'DELETE',
    headers: { 'x-auth-token': stand.token('alice') },
  });
  const other = await compute.create!(draft(), 'keys 6');
  expect(await keys()).toEqual([name]);
  await compute.remove!(one.id);
  await compute.remove!(other.id);
});

test('the name that a client gives wins, unless it is that of another key', async () => {
  const compute = computes();
  const one = await compute.create!(draft('Public SSH key'), 'keys 7');
  expect(await keys()).toContain('Public SSH key');
  expect(one.attributes['org.openstack.credentials.publickey.name']).toBe('Public SSH key');
  const other = await compute.create!(draft('Public SSH key', 8), 'keys 8');
  expect(other.attributes['org.openstack.credentials.publickey.name']).toBe('Public SSH key');
  expect(await keys()).toContainEqual(expect.stringMatching(/^occi-[0-9a-f]{64}$/));
  await compute.remove!(other.id);
  await compute.remove!(one.id);
  expect(await keys()).toEqual(['Public SSH key']);
});
