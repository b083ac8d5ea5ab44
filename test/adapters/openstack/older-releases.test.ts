/** Clouds of older releases, by the microversions of their Nova and Cinder, through a whole endpoint before the stand-in. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { entity, list, make, read } from '../../lib/operations/payloads.ts';
import type { StandInOptions } from '../../openstack/index.ts';
import { type Alice, startAlice } from './alice.ts';

let alice: Alice;
afterEach(() => alice.stop());

const start = async (microversions: NonNullable<StandInOptions['microversions']>) => {
  alice = await startAlice({ microversions });
};
const inState = (path: string, state: string) =>
  alice.eventually(
    () => read(alice.endpoint, path),
    ({ attributes }) => attributes['occi.compute.state'] === state,
  );
const SUMMARY = 'occi.core.summary';
const post = (path: string, wanted: object, headers = {}) => {
  const call = entity('text/plain', wanted);
  return alice.endpoint.send('POST', path, { ...call, headers: { ...call.headers, ...headers } });
};
const creates = () => alice.cloud.log.filter(({ method, path }) => method === 'POST' && /\/servers$/.test(path)).length;

/** Each is the last one before something that the adapter uses. */
const NOVAS = ['2.1', '2.18', '2.36', '2.46', '2.51', '2.82', '2.88', '2.93'];

describe.each(NOVAS)('Nova of %s', (compute) => {
  test('makes a compute with links, changes it, lists it and deletes it', async () => {
    await start({ compute });
    const net = await make(alice.endpoint, {
      kind: 'network',
      mixins: ['http://schemas.ogf.org/occi/infrastructure/network#ipnetwork'],
      attributes: { 'occi.network.address': '10.99.0.0/24' },
    });
    const disk = await make(alice.endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    await alice.eventually(
      () => read(alice.endpoint, disk),
      ({ attributes }) => attributes['occi.storage.state'] === 'online',
    );
    const attributes = { 'occi.core.title': 'old', [SUMMARY]: 'of an old cloud', 'occi.compute.cores': 1 };
    const links = [
      { kind: 'networkinterface', target: net },
      { kind: 'storagelink', target: disk, attributes: { 'occi.storagelink.mountpoint': '/data' } },
    ];
    const path = await make(alice.endpoint, { kind: 'compute', attributes, links });
    const shown = await inState(path, 'active');
    expect(shown).toMatchObject({ title: 'old', summary: 'of an old cloud', attributes: { 'occi.compute.cores': 1 } });
    const targets = (shown.links as { target: { location: string } }[]).map(({ target }) => target.location);
    expect(targets).toEqual(expect.arrayContaining([net, disk]));
    const [link] = await list(alice.endpoint, '/storagelink/');
    expect((await read(alice.endpoint, link!)).attributes).toMatchObject({ 'occi.storagelink.mountpoint': '/data' });
    const changed = { 'occi.core.title': 'older', [SUMMARY]: 'changed' };
    expect((await post(path, { attributes: changed })).status).toBe(200);
    expect(await read(alice.endpoint, path)).toMatchObject({ title: 'older', summary: 'changed' });
    expect(await list(alice.endpoint, '/compute/')).toEqual([path]);
    expect((await alice.endpoint.send('DELETE', path)).status).toBe(200);
    const gone = await alice.eventually(
      () => alice.endpoint.send('GET', path),
      ({ status }) => status === 404,
    );
    expect(gone.status).toBe(404);
  });

  test('makes one compute without networks and title per key, also when the answer was lost', async () => {
    await start({ compute });
    const headers = { 'Idempotency-Key': '"one"' };
    alice.cloud.badDays.add({ kind: 'lost' }, { service: 'compute', method: 'POST', path: /servers$/, times: 1 });
    const first = await post('/compute/', { kind: 'compute' }, headers);
    const second = await post('/compute/', { kind: 'compute' }, headers);
    expect([first.status, second.status]).toEqual([503, 201]);
    expect(creates()).toBe(1);
    const [path] = await list(alice.endpoint, '/compute/');
    const { title, attributes, links } = await inState(path!, 'active');
    expect([title, links ?? []]).toEqual([undefined, []]);
    expect(JSON.stringify(attributes)).not.toContain('occi-token');
  });

  test('saves a compute as a template, and resizes it', async () => {
    await start({ compute });
    const path = await make(alice.endpoint, { kind: 'compute' });
    await inState(path, 'active');
    const resource = 'http://schemas.openstack.org/template/resource#2';
    expect((await post(path, { mixins: [resource] })).status).toBe(200);
    const resized = await inState(path, 'active');
    expect(resized.mixins).toContain(resource);
    const body =
      'Category: save; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"\n';
    const saved = await alice.endpoint.send('POST', `${path}?action=save`, {
      headers: { 'Content-Type': 'text/plain' },
      body: `${body}X-OCCI-Attribute: name="copy"\n`,
    });
    expect([saved.status, saved.status === 200 ? '' : saved.body]).toEqual([200, '']);
  });
});

describe.each(['3.0', '3.26', '3.41', '3.71'])('Cinder of %s', (volume) => {
  test('makes, links and deletes a storage', async () => {
    await start({ volume });
    const disk = await make(alice.endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    const online = () =>
      alice.eventually(
        () => read(alice.endpoint, disk),
        ({ attributes }) => attributes['occi.storage.state'] === 'online',
      );
    await online();
    const path = await make(alice.endpoint, { kind: 'compute' });
    await inState(path, 'active');
    const link = await make(alice.endpoint, {
      kind: 'storagelink',
      attributes: { 'occi.core.source': path, 'occi.core.target': disk },
    });
    const linked = await alice.eventually(
      () => read(alice.endpoint, link),
      ({ attributes }) => attributes['occi.storagelink.state'] === 'active',
    );
    expect(linked.attributes['occi.storagelink.state']).toBe('active');
    const grown = await post(disk, { attributes: { 'occi.storage.size': 2 } });
    expect(grown.status).toBe(volume === '3.71' ? 200 : 409);
    expect((await alice.endpoint.send('DELETE', link)).status).toBe(200);
    const gone = await alice.eventually(
      () => alice.endpoint.send('DELETE', disk),
      ({ status }) => status !== 409,
    );
    expect(gone.status).toBe(200);
  });
});
