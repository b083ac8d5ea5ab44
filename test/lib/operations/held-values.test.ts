import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KindAdapter } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Endpoint } from '../../endpoint.ts';
import { entity, INFRASTRUCTURE, list, locationsIn, make, pathOf, RENDERINGS, read } from './payloads.ts';
import { serve } from './served.ts';

describe('A cloud that cannot keep every title (ADR-5)', () => {
  let endpoint: Endpoint;
  /** Every title that the cloud was given. */
  const given: unknown[] = [];

  const plainTitles = (compute: KindAdapter<'compute'>): KindAdapter<'compute'> => ({
    ...compute,
    cannotHoldValue: (name, value) => name === 'occi.core.title' && /[^ -~]/.test(String(value)),
    create(draft, token) {
      given.push(draft.attributes['occi.core.title']);
      return compute.create!(draft, token);
    },
    update(id, change) {
      given.push(change.set['occi.core.title']);
      return compute.update!(id, change);
    },
  });

  beforeEach(async () => {
    given.length = 0;
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const { kinds } = backend.adapter;
        const compute = plainTitles(kinds.compute!);
        return { ...backend, adapter: { ...backend.adapter, kinds: { ...kinds, compute } } };
      },
    }));
  });
  afterEach(() => endpoint.stop());

  const titled = (title: string) => ({ kind: 'compute', attributes: { 'occi.core.title': title } }) as const;

  test('has those that it cannot keep in the store', async () => {
    const path = await make(endpoint, titled('rocket 🚀'));
    expect((await read(endpoint, path)).title).toBe('rocket 🚀');
    expect(given).toEqual([undefined]);
  });

  test('shows the last title, wherever the one before was', async () => {
    const path = await make(endpoint, titled('one'));
    for (const title of ['two 🚀', 'three 🚀', 'four', 'five 🚀', 'six']) {
      expect((await endpoint.send('POST', path, entity('text/plain', titled(title)))).status).toBe(200);
      expect((await read(endpoint, path)).title).toBe(title);
    }
    expect(given).toEqual(['one', undefined, undefined, 'four', undefined, 'six']);
  });
});

describe('A cloud whose links hold neither titles nor mount points (ADR-5)', () => {
  let endpoint: Endpoint;
  let disk: string;
  let net: string;
  /** The attributes of the inline links that the cloud was given. */
  let given: object[] = [];
  /** The next create of a compute ends so: made, and its answer lost. */
  let isLost = false;

  beforeEach(async () => {
    given = [];
    isLost = false;
    endpoint = await serve((service) => ({
      ...service,
      backendFor: async (...of) => {
        const backend = await service.backendFor(...of);
        const { compute, storagelink, networkinterface, ...kinds } = backend.adapter.kinds;
        const changed: typeof backend.adapter.kinds = {
          ...kinds,
          storagelink: { ...storagelink!, cannotHold: ['occi.core.title', 'occi.storagelink.mountpoint'] },
          networkinterface: {
            ...networkinterface!,
            cannotHoldValue: (name, value) => name === 'occi.core.title' && /#/.test(String(value)),
          },
          compute: {
            ...compute!,
            async create(draft, token) {
              given.push(...draft.links.map(({ attributes }) => attributes));
              const made = await compute!.create!(draft, token);
              if (!isLost) return made;
              isLost = false;
              throw new OcciError('unavailable', 'The answer of the cloud was lost.', { unknownOutcome: true });
            },
            // A cloud lists links in an order of its own.
            async findByToken(token) {
              const found = await compute!.findByToken!(token);
              return found && { ...found, links: found.links!.toReversed() };
            },
          },
        };
        return { ...backend, adapter: { ...backend.adapter, kinds: changed } };
      },
    }));
    disk = await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
    net = await make(endpoint, { kind: 'network' });
  });
  afterEach(() => endpoint.stop());

  const wanted = () =>
    ({
      kind: 'compute',
      links: [
        { kind: 'networkinterface', target: net, attributes: { 'occi.core.title': 'plain' } },
        { kind: 'networkinterface', target: net, attributes: { 'occi.core.title': 'up #1' } },
        {
          kind: 'storagelink',
          target: disk,
          attributes: { 'occi.storagelink.mountpoint': '/data', 'occi.storagelink.deviceid': 'vdq' },
        },
      ],
    }) as const;
  const attributesOf = async (compute: string) =>
    ((await read(endpoint, compute)).links as { kind: string; title?: string; attributes: object }[])
      .map(({ kind, title, attributes }) => ({
        kind: kind.slice(INFRASTRUCTURE.length),
        ...(title !== undefined && { 'occi.core.title': title }),
        ...attributes,
      }))
      .toSorted((one, other) => one.kind.localeCompare(other.kind));
  const kept = [
    { kind: 'networkinterface', 'occi.core.title': 'plain' },
    { kind: 'networkinterface', 'occi.core.title': 'up #1' },
    { kind: 'storagelink', 'occi.storagelink.mountpoint': '/data', 'occi.storagelink.deviceid': 'vdq' },
  ];

  test.each(RENDERINGS)('has those of inline links in the store, in %s', async (mediaType) => {
    const reply = await endpoint.send('POST', '/compute/', entity(mediaType, wanted()));
    expect(reply.status).toBe(201);
    const compute = pathOf(reply.headers.location!);
    expect(await attributesOf(compute)).toMatchObject(kept);
    expect(given).toEqual([{ 'occi.core.title': 'plain' }, {}, { 'occi.storagelink.deviceid': 'vdq' }]);
    const [link] = await list(endpoint, '/storagelink/');
    expect((await read(endpoint, link!)).attributes).toMatchObject({ 'occi.storagelink.mountpoint': '/data' });
  });

  test('selects by them, changes them at the link, and forgets them with their compute', async () => {
    const compute = await make(endpoint, wanted());
    const [link] = await list(endpoint, '/storagelink/');
    const by = { headers: { 'X-OCCI-Attribute': 'occi.storagelink.mountpoint="/data"' } };
    expect(locationsIn(await endpoint.send('GET', '/storagelink/', by)).map(pathOf)).toEqual([link]);
    const change = { kind: 'storagelink', attributes: { 'occi.storagelink.mountpoint': '/srv' } } as const;
    expect((await endpoint.send('POST', link!, entity('text/plain', change))).status).toBe(200);
    expect((await attributesOf(compute))[2]).toMatchObject({ 'occi.storagelink.mountpoint': '/srv' });
    expect((await endpoint.send('DELETE', compute)).status).toBe(200);
    const again = await make(endpoint, { kind: 'compute', links: [{ kind: 'storagelink', target: disk }] });
    expect((await attributesOf(again))[0]).not.toHaveProperty(['occi.storagelink.mountpoint']);
  });

  test('gives them to the right links when the answer of the create was lost', async () => {
    isLost = true;
    const one = { ...wanted(), links: wanted().links.filter(({ attributes }) => !('occi.core.title' in attributes)) };
    const links = [{ kind: 'networkinterface', target: net, attributes: { 'occi.core.title': 'up #1' } }, ...one.links];
    const call = entity('text/plain', { ...one, links });
    const headers = { ...call.headers, 'Idempotency-Key': '"one"' };
    expect((await endpoint.send('POST', '/compute/', { ...call, headers })).status).toBe(503);
    const reply = await endpoint.send('POST', '/compute/', { ...call, headers });
    expect(reply.status).toBe(201);
    expect(await attributesOf(pathOf(reply.headers.location!))).toMatchObject([kept[1]!, kept[2]!]);
  });
});
