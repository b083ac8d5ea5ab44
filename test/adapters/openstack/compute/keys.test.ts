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

const computes = (user = 'alice') => {
  const adapter = connect({
    settings: settings.parse({ endpoint: stand.endpoint, defaultOsTemplate: IMAGE }),
    site: 'test',
    table: memoryTable(),
    local: true,
  })({ caller: { name: user, credentials: `${user}:${user}-secret` }, deadline: Date.now() + 60_000 });
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

const derived = expect.stringMatching(/^occi-[0-9a-f]{64}$/);

/** Imports a key as the user would do it himself. */
async function importByHand(name: string, seed: number): Promise<string> {
  const answer = await fetch(`${stand.site.origins.compute}/v2.1/os-keypairs`, {
    method: 'POST',
    headers: { 'x-auth-token': stand.token('alice'), 'content-type': 'application/json' },
    body: JSON.stringify({ keypair: { name, public_key: keyOf(seed) } }),
  });
  expect(answer.ok).toBe(true);
  return name;
}

/** The names of a user's key pairs at Nova. */
async function keys(user = 'alice'): Promise<string[]> {
  const answer = await fetch(`${stand.site.origins.compute}/v2.1/os-keypairs`, {
    headers: { 'x-auth-token': stand.token(user) },
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
  expect(imported).toEqual([derived]);
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

test('a compute that is deleted and still listed for a moment is no user of its key', async () => {
  const before = await keys();
  const compute = computes();
  const made = [await compute.create!(draft(), 'keys 10'), await compute.create!(draft(), 'keys 11')];
  stand.site.steps.settle();
  stand.site.steps.hold();
  await compute.remove!(made[0]!.id);
  stand.site.steps.advance();
  expect(stand.nova.servers.get(made[0]!.id)).toMatchObject({ vm: 'deleted', isGone: false });
  await compute.remove!(made[1]!.id);
  stand.site.steps.release();
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

test('the name that a client gives to a key is shown, and no key pair has it', async () => {
  const own = await importByHand('mine', 9);
  const compute = computes();
  const before = await keys();
  const one = await compute.create!(draft('Public SSH key'), 'keys 7');
  const other = await compute.create!(draft('mine', 8), 'keys 8');
  const name = 'org.openstack.credentials.publickey.name';
  expect([one, other].map(({ attributes }) => attributes[name])).toEqual(['Public SSH key', 'mine']);
  expect((await keys()).filter((key) => !before.includes(key))).toEqual([derived, derived]);
  await compute.remove!(other.id);
  await compute.remove!(one.id);
  // What the user has imported himself stays.
  expect(await keys()).toEqual(before);
  expect(before).toContain(own);
});

test('a key that the user has at Nova is used by its name, and stays', async () => {
  const own = await importByHand('at Nova', 10);
  const compute = computes();
  const { 'org.openstack.credentials.publickey.data': _data, ...attributes } = draft(own).attributes;
  const made = await compute.create!({ ...draft(), attributes }, 'keys 9');
  expect(stand.nova.servers.get(made.id)?.keyName).toBe(own);
  await compute.remove!(made.id);
  expect(await keys()).toContain(own);
});

test('a create that Nova refuses leaves no key, also one with a name', async () => {
  const rita = computes('rita');
  for (const name of [undefined, 'ritakey']) {
    await expect(rita.create!(draft(name), `keys of rita ${name}`)).rejects.toMatchObject({ failure: 'forbidden' });
    expect(await keys('rita')).toEqual([]);
  }
});
