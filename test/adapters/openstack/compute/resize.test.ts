/** Another size for a compute, through a whole endpoint before the stand-in: Nova wants each new size confirmed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { entity, make, read } from '../../../lib/operations/payloads.ts';
import { Stage } from '../../../openstack/stage.ts';
import { type Alice, startAlice } from '../alice.ts';

const FLAVOR = 'http://schemas.openstack.org/template/resource#';
const STATE = 'occi.compute.state';

let alice: Alice;
beforeAll(async () => {
  alice = await startAlice();
});
afterAll(() => alice.stop());

const active = (path: string) => alice.active(path);

async function makeActive(): Promise<string> {
  const path = await make(alice.endpoint, { kind: 'compute', mixins: [`${FLAVOR}1`] });
  await active(path);
  return path;
}

const resize = (path: string, flavor: string) =>
  alice.endpoint.send('POST', path, entity('application/occi+json', { mixins: [FLAVOR + flavor] }));

/** The newest server, as Nova keeps it. */
const native = () => [...alice.cloud.nova.servers.values()].at(-1)!;

const nova = (body: object) =>
  new Stage(alice.cloud).call('alice', 'compute', 'POST', `/v2.1/servers/${native().id}/action`, { body });

const listed = async (path: string) => {
  const { body } = await alice.endpoint.send('GET', '/compute/', { headers: { Accept: 'application/occi+json' } });
  const { resources } = JSON.parse(body) as { resources: { id: string; attributes: Record<string, unknown> }[] };
  return resources.find(({ id }) => path.endsWith(id.slice('urn:uuid:'.length)))!;
};

describe('A compute that was asked for another size', () => {
  test('has it once it was looked at', async () => {
    const path = await makeActive();
    expect((await resize(path, '2')).status).toBe(200);
    const after = await active(path);
    expect(after.mixins).toContain(`${FLAVOR}2`);
    expect(native().vm).toBe('active');
  });

  test('has it for a client that only lists, too', async () => {
    const path = await makeActive();
    expect((await resize(path, '2')).status).toBe(200);
    const after = await alice.eventually(
      () => listed(path),
      ({ attributes }) => attributes[STATE] === 'active',
    );
    expect(after.attributes[STATE]).toBe('active');
  });

  test('has it even if nobody looks for days', async () => {
    const path = await makeActive();
    expect((await resize(path, '2')).status).toBe(200);
    alice.cloud.site.steps.settle();
    expect(native().vm).toBe('resized');
    const [, flavor] = native().metadata['occi.resize']!.split(' ');
    native().metadata['occi.resize'] = `2026-01-01T00:00:00.000Z ${flavor}`;
    expect((await active(path)).attributes[STATE]).toBe('active');
  });

  test('is left to another tool that has resized it since', async () => {
    const path = await makeActive();
    expect((await resize(path, '2')).status).toBe(200);
    await active(path);
    await nova({ resize: { flavorRef: '3' } });
    alice.cloud.site.steps.settle();
    await read(alice.endpoint, path);
    await listed(path);
    alice.cloud.site.steps.settle();
    expect(native().vm).toBe('resized');
  });

  test('is not kept waiting by newer ones that another tool has resized', async () => {
    const path = await makeActive();
    const own = native().id;
    for (let number = 0; number < 5; number += 1) {
      await makeActive();
      native().metadata['occi.resize'] = '2026-01-01T00:00:00.000Z of-another';
      await nova({ resize: { flavorRef: '3' } });
    }
    expect((await resize(path, '2')).status).toBe(200);
    alice.cloud.site.steps.settle();
    expect(alice.cloud.nova.servers.get(own)!.vm).toBe('resized');
    const after = await alice.eventually(
      () => listed(path),
      ({ attributes }) => attributes[STATE] === 'active',
    );
    expect(after.attributes[STATE]).toBe('active');
  });

  test('keeps its size and says why, where the state does not let it', async () => {
    const path = await makeActive();
    await nova({ suspend: null });
    alice.cloud.site.steps.settle();
    const refused = await resize(path, '2');
    expect(refused.status).toBe(409);
    expect(refused.body).toContain('only be changed while it is active or inactive, and it is suspended');
    expect(native().metadata['occi.resize']).toBeUndefined();
  });
});
