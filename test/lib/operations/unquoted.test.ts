/** Strings without quotes, as GFD.185's own example and ooi's documents have them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { category, filter, INFRASTRUCTURE, list, make, pathOf, plain, read } from './payloads.ts';

const KIND = `Category: ${category(`${INFRASTRUCTURE}compute`, 'kind')}`;

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint();
});
afterAll(() => endpoint.stop());

/** What became of a create. */
async function made(...attributes: string[]) {
  const lines = attributes.map((one) => `X-OCCI-Attribute: ${one}`);
  const inBody = await endpoint.send('POST', '/compute/', plain(KIND, ...lines));
  const headers = {
    'Content-Type': 'text/occi',
    Category: KIND.slice('Category: '.length),
    'X-OCCI-Attribute': attributes.join(','),
  };
  const inHeaders = await endpoint.send('POST', '/compute/', { headers });
  expect([inBody.status, inHeaders.status, inBody.body]).toEqual([201, 201, inBody.body]);
  const [one, other] = [
    await read(endpoint, pathOf(inBody.headers.location!)),
    await read(endpoint, pathOf(inHeaders.headers.location!)),
  ];
  expect([other.title, other.attributes]).toEqual([one.title, one.attributes]);
  return { path: pathOf(inBody.headers.location!), ...one };
}

test('a create takes them (GFD.185 §3.6.6)', async () => {
  const { title, attributes } = await made(
    'occi.compute.hostname=foobar',
    'occi.core.title=My web',
    'occi.compute.cores=2',
  );
  expect(title).toBe('My web');
  expect(attributes).toMatchObject({ 'occi.compute.hostname': 'foobar', 'occi.compute.cores': 2 });
});

test.each(['007', 'true', '1.50', '+1'])('a title of %s is that text, and is shown in quotes', async (title) => {
  const entity = await made(`occi.core.title=${title}`);
  expect(entity.title).toBe(title);
  const shown = await endpoint.send('GET', entity.path, { headers: { Accept: 'text/plain' } });
  expect(shown.body).toContain(`X-OCCI-Attribute: occi.core.title="${title}"\n`);
  const again = await endpoint.send('PUT', entity.path, plain(...shown.body.trimEnd().split('\n')));
  expect([again.status, (await read(endpoint, entity.path)).title]).toEqual([200, title]);
});

test('a storagelink between unquoted URLs, as ooi documents it', async () => {
  const [machine, volume] = [
    await make(endpoint, { kind: 'compute' }),
    await make(endpoint, { kind: 'storage', attributes: { 'occi.storage.size': 1 } }),
  ];
  const linked = await endpoint.send('POST', '/storagelink/', {
    headers: {
      'Content-Type': 'text/occi',
      Category: category(`${INFRASTRUCTURE}storagelink`, 'kind'),
      'X-OCCI-Attribute': `occi.core.target=${endpoint.url}${volume}, occi.core.source=${machine}`,
    },
  });
  expect([linked.status, linked.body]).toEqual([201, linked.body]);
  const { source, target } = await read(endpoint, pathOf(linked.headers.location!));
  expect([source.location, target.location]).toEqual([machine, volume]);
});

test('a filter takes them', async () => {
  const { path } = await made('occi.core.title=only this');
  const found = await list(endpoint, '/compute/', filter(['X-OCCI-Attribute', 'occi.core.title=only this']));
  expect(found).toContain(path);
  expect(found).toHaveLength(2);
});
