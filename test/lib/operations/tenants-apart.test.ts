import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Call, Endpoint, Reply } from '../../endpoint.ts';
import { action, category, collection, entity, INFRASTRUCTURE, make, plain, RENDERINGS, read } from './payloads.ts';
import { type Client, startTwoTenants, type TwoTenants } from './two-tenants.ts';

let endpoint: Endpoint;
let alice: Client;
let mallory: Client;
let hers: TwoTenants['hers'];
beforeEach(async () => {
  ({ endpoint, alice, mallory, hers } = await startTwoTenants());
});
afterEach(() => endpoint.stop());

const NOWHERE = '0c1c4d2e-5d0e-5a57-9f0b-0d2f4f1f8f0c';

/** An answer without what names the request and the thing asked for. */
const withoutNames = (
  { status, body, headers: { 'x-request-id': id, date: _, 'content-length': __, ...headers } }: Reply,
  ...names: string[]
) => {
  const clean = (text: string) => names.reduce((rest, name) => rest.replaceAll(name, '…'), text).replaceAll(id!, '…');
  return { status, body: clean(body), headers: JSON.parse(clean(JSON.stringify(headers))) };
};

const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

describe('What is another’s answers exactly like what never existed', () => {
  const STOP = `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`;
  const requests: readonly (readonly [method: string, query: string, call: Call])[] = [
    ['POST', '', entity('text/plain', { attributes: { 'occi.core.title': 'x' } })],
    ['POST', '?action=stop', action('text/plain', STOP)],
    ['DELETE', '', {}],
    ['GET', '', {}],
    ['HEAD', '', {}],
  ];
  const cases = (['compute', 'storage', 'network', 'networkinterface'] as const).flatMap((kind) =>
    [...RENDERINGS, 'text/uri-list'].map((mediaType) => [kind, mediaType] as const),
  );

  test.each(cases)('at the path of a %s, in %s', async (kind, mediaType) => {
    for (const [method, query, { headers, ...call }] of requests) {
      const asked = { ...call, headers: { ...headers, Accept: mediaType } };
      await alice.send('GET', hers[kind]!); // her mapping is in the process’s memory
      const theirs = await mallory.send(method, hers[kind]! + query, asked);
      const none = await mallory.send(method, `/${kind}/${NOWHERE}${query}`, asked);
      expect(withoutNames(theirs, idOf(hers[kind]!))).toEqual(withoutNames(none, NOWHERE));
      if (mediaType !== 'text/uri-list') expect(theirs.status).toBe(404);
    }
    expect((await alice.send('GET', hers[kind]!)).status).toBe(200);
  });

  test('at a path that she chose', async () => {
    for (const method of ['GET', 'DELETE']) {
      const theirs = await mallory.send(method, '/compute/web');
      const none = await mallory.send(method, '/compute/nil');
      expect(withoutNames(theirs, '/compute/web')).toEqual(withoutNames(none, '/compute/nil'));
    }
    expect((await alice.send('GET', '/compute/web')).status).toBe(200);
  });

  test('as the end of a link, by path, URL and URN, inline and not', async () => {
    const own = await make(mallory, { kind: 'compute' });
    const { id } = await read(alice, hers.network!);
    for (const write of [
      (uuid: string) => `/network/${uuid}`,
      (uuid: string) => `${endpoint.url}/network/${uuid}`,
      (uuid: string) => `urn:uuid:${uuid}`,
      (uuid: string) => uuid,
    ]) {
      const [theirs, none] = await Promise.all(
        [id.slice(9), NOWHERE].map(async (uuid) => {
          const target = write(uuid);
          const inline = await mallory.send(
            'POST',
            '/compute/',
            entity('application/occi+json', { kind: 'compute', links: [{ kind: 'networkinterface', target }] }),
          );
          const attributes = { 'occi.core.source': own, 'occi.core.target': target };
          const single = await mallory.send(
            'POST',
            '/networkinterface/',
            entity('text/plain', { kind: 'networkinterface', attributes }),
          );
          return [inline, single].map((reply) => withoutNames(reply, uuid));
        }),
      );
      expect(theirs).toEqual(none);
      expect(theirs!.map(({ status }) => status)).toEqual([400, 400]);
    }
    const source = { 'occi.core.source': hers.compute!, 'occi.core.target': await make(mallory, { kind: 'network' }) };
    expect(
      (
        await mallory.send(
          'POST',
          '/networkinterface/',
          entity('text/plain', { kind: 'networkinterface', attributes: source }),
        )
      ).status,
    ).toBe(400);
    expect((await read(alice, hers.compute!)).links).toHaveLength(1);
  });

  test('as the member of a mixin, and among what a DELETE names', async () => {
    await mallory.send(
      'POST',
      '/-/',
      plain(`Category: ${category('http://example.org/tags#his', 'mixin')}; location="/his/"`),
    );
    for (const [method, path] of [
      ['POST', '/his/'],
      ['PUT', '/his/'],
      ['DELETE', '/his/'],
      ['DELETE', '/compute/'],
      ['DELETE', '/'],
    ] as const) {
      const [theirs, none] = await Promise.all(
        [idOf(hers.compute!), NOWHERE].map(async (uuid) => {
          const text = await mallory.send(method, path, plain(`X-OCCI-Location: ${endpoint.url}/compute/${uuid}`));
          const header = await mallory.send(method, path, {
            headers: { 'X-OCCI-Location': `/compute/${uuid}`, 'Content-Type': 'text/occi' },
          });
          const resources = [{ kind: `${INFRASTRUCTURE}compute`, id: `urn:uuid:${uuid}` }];
          const json = await mallory.send(method, path, collection({ resources }));
          return [text, header, json].map((reply) => withoutNames(reply, uuid));
        }),
      );
      expect(theirs).toEqual(none);
      expect(theirs!.map(({ status }) => status)).toEqual([400, 400, 400]);
    }
    expect((await alice.send('GET', hers.compute!)).status).toBe(200);
  });

  test('for a PUT too, which touches nothing of hers', async () => {
    const before = await read(alice, hers.compute!);
    const call = entity('text/plain', { kind: 'compute', attributes: { 'occi.core.title': 'his' } });
    const theirs = await mallory.send('PUT', hers.compute!, call);
    const none = await mallory.send('PUT', `/compute/${NOWHERE}`, call);
    expect(withoutNames(theirs, idOf(hers.compute!))).toEqual(withoutNames(none, NOWHERE));
    expect(await read(alice, hers.compute!)).toEqual(before);
  });
});
