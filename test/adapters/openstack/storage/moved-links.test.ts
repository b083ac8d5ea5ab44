/** Links to storage of computes that Nova moves, and of those that it is still building, through a whole endpoint. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { action, entity, list, make, pathOf, read } from '../../../lib/operations/payloads.ts';
import { type Alice, startAlice } from '../alice.ts';

const FLAVOR = 'http://schemas.openstack.org/template/resource#';
const ACTIONS = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';
const MOUNTPOINT = 'occi.storagelink.mountpoint';
const TINY = [`${FLAVOR}1`];

let alice: Alice;
beforeEach(async () => {
  alice = await startAlice({}, { hibernate: 'shelve' });
});
afterEach(() => alice.stop());

const inState = (path: string, state: string) =>
  alice.eventually(
    () => read(alice.endpoint, path),
    ({ kind, attributes }) => attributes[`occi.${kind.split('#')[1]}.state`] === state,
  );

const act = (path: string, term: string, attributes = {}) =>
  alice.endpoint.send('POST', `${path}?action=${term}`, action('text/plain', ACTIONS + term, attributes));

/** What each way of reading says of the storage links, and the mount point that the store keeps. */
async function seen(compute: string, link: string) {
  const { links = [] } = await read(alice.endpoint, compute);
  const inline = links.filter(({ kind }: { kind: string }) => kind.endsWith('#storagelink'));
  const one = await alice.endpoint.send('GET', link, { headers: { Accept: 'application/occi+json' } });
  return {
    status: one.status,
    mountpoint: one.status === 200 ? JSON.parse(one.body).attributes[MOUNTPOINT] : undefined,
    listed: await list(alice.endpoint, '/storagelink/'),
    inline: inline.map(({ id }: { id: string }) => `/storagelink/${id.slice('urn:uuid:'.length)}`),
  };
}

async function linked() {
  const disk = await make(alice.endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  await inState(disk, 'online');
  const compute = await make(alice.endpoint, { kind: 'compute', mixins: TINY });
  await inState(compute, 'active');
  const attributes = { 'occi.core.source': compute, 'occi.core.target': disk };
  const link = await make(alice.endpoint, {
    kind: 'storagelink',
    attributes: { ...attributes, [MOUNTPOINT]: '/data' },
  });
  await inState(link, 'active');
  return { disk, compute, link, attributes };
}

describe('a storagelink', () => {
  test('stays the same when its compute gets another size', async () => {
    const { compute, link } = await linked();
    const whole = { status: 200, mountpoint: '/data', listed: [link], inline: [link] };
    expect(await seen(compute, link)).toEqual(whole);
    await alice.endpoint.send('POST', compute, entity('application/occi+json', { mixins: [`${FLAVOR}2`] }));
    await inState(compute, 'active');
    expect(await seen(compute, link)).toEqual(whole);
  });

  test('stays the same while its compute is shelved, and after that', async () => {
    const { compute, link } = await linked();
    const whole = { status: 200, mountpoint: '/data', listed: [link], inline: [link] };
    expect((await act(compute, 'suspend', { method: 'hibernate' })).status).toBe(200);
    await alice.eventually(
      // The stand-in goes on when it is asked.
      async () => {
        await read(alice.endpoint, compute);
        return [...alice.cloud.nova.servers.values()].at(-1)!;
      },
      ({ vm }) => vm === 'shelved_offloaded',
    );
    expect(await seen(compute, link)).toEqual(whole);
    expect((await act(compute, 'start')).status).toBe(200);
    await inState(compute, 'active');
    expect(await seen(compute, link)).toEqual(whole);
  });

  test('that was deleted and is made again at once is there, without the mount point of the earlier one', async () => {
    const { disk, compute, link, attributes } = await linked();
    expect((await alice.endpoint.send('DELETE', link)).status).toBe(200);
    await inState(disk, 'online');
    await alice.eventually(
      // The stand-in goes on when it is asked.
      async () => {
        await read(alice.endpoint, compute);
        return [...alice.cloud.nova.servers.values()].at(-1)!;
      },
      ({ attachments }) => attachments.length === 0,
    );
    expect((await alice.endpoint.send('GET', link)).status).toBe(404);
    const again = await make(alice.endpoint, { kind: 'storagelink', attributes });
    const whole = { status: 200, mountpoint: undefined, listed: [again], inline: [again] };
    expect(await seen(compute, again)).toEqual(whole);
  });

  test('of a compute that Nova is still building is there from the first look', async () => {
    const disk = await make(alice.endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    await inState(disk, 'online');
    alice.cloud.site.steps.hold();
    const wanted = { kind: 'compute', mixins: TINY, links: [{ kind: 'storagelink', target: disk }] };
    const reply = await alice.endpoint.send('POST', '/compute/', entity('application/occi+json', wanted));
    expect(reply.status).toBe(201);
    const compute = pathOf(reply.headers.location!);
    const [{ id }] = JSON.parse(reply.body).links as [{ id: string }];
    const link = `/storagelink/${id.slice('urn:uuid:'.length)}`;
    const whole = { status: 200, mountpoint: undefined, listed: [link], inline: [link] };
    for (let step = 0; step < 7; step += 1) {
      expect([step, await seen(compute, link)]).toEqual([step, whole]);
      alice.cloud.site.steps.advance();
    }
    expect((await inState(link, 'active')).attributes['occi.storagelink.deviceid']).toMatch(/^\/dev\//);
  });
});
