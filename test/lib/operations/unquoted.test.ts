/** Strings without quotes, as GFD.185's own example and ooi's documents have them, and jOCCI where they are all digits. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
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

describe('what looks like a number or truth value is text where text is wanted', () => {
  const bare = fc.oneof(
    fc.stringMatching(/^[0-9]{1,30}$/),
    fc.stringMatching(/^[+-]?[0-9]{0,6}\.[0-9]{1,6}$/),
    fc.constantFrom('42', '4.20', '007', '1.', '-0', 'true', 'false'),
  );

  test('exactly as it was written, in body and header alike', async () => {
    await fc.assert(
      fc.asyncProperty(bare, bare, bare, async (title, summary, hostname) => {
        const names = `occi.core.title=${title},occi.core.summary=${summary},occi.compute.hostname=${hostname}`;
        const entity = await made(...names.split(','));
        expect([entity.title, entity.summary, entity.attributes['occi.compute.hostname']]).toEqual([
          title,
          summary,
          hostname,
        ]);
      }),
      { numRuns: 25 },
    );
  });

  test.each(['42', '0042', 'true'])('the name %s of a saved image', async (name) => {
    const { path } = await made('occi.core.title=1');
    const save = plain(
      `Category: ${category(`${INFRASTRUCTURE.replace('#', '/compute/action#')}save`, 'action')}`,
      `X-OCCI-Attribute: name=${name}`,
    );
    const saved = await endpoint.send('POST', `${path}?action=save`, save);
    expect([saved.status, saved.body]).toEqual([200, expect.stringContaining(`title="${name}"`)]);
  });

  test('the title of a link and of an entity that is changed', async () => {
    const { path } = await made('occi.core.title=1');
    const network = await make(endpoint, { kind: 'network' });
    const link = `Link: <${network}>; rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface"; occi.core.title=0042`;
    const changed = await endpoint.send('POST', path, plain('X-OCCI-Attribute: occi.core.title=4.20', link));
    expect([changed.status, changed.body]).toEqual([200, changed.body]);
    expect(await read(endpoint, path)).toMatchObject({ title: '4.20', links: [{ title: '0042' }] });
  });
});

describe('in JSON, where a number is a number, the message says what stood there', () => {
  const kind = `${INFRASTRUCTURE}compute`;
  const RULES = 'occi.securitygroup.rules';
  test.each([
    ['compute', { kind, title: 42 }, 'title must be a string; a number was sent: write "42".'],
    ['compute', { kind, summary: false }, 'summary must be a string; a truth value was sent: write "false".'],
    [
      'compute',
      { kind, attributes: { 'occi.core.title': 4.5 } },
      'The attribute occi.core.title must be text of at most 1024 characters; a number was sent: write "4.5".',
    ],
    [
      'compute',
      { kind, attributes: { occi: { compute: { hostname: 42 } } } },
      'The attribute occi.compute.hostname must be one line of text; a number was sent: write "42".',
    ],
    [
      'securitygroup',
      { kind: `${INFRASTRUCTURE}securitygroup`, attributes: { [RULES]: [{ type: 'inbound', port: 22 }] } },
      expect.stringMatching(
        /^The attribute occi\.securitygroup\.rules .*; a number was sent as \[0\]\.port: write "22"\.$/,
      ),
    ],
    // Quotes are no help here.
    [
      'compute',
      { kind, attributes: { 'occi.compute.architecture': 64 } },
      'The attribute occi.compute.architecture must be one of x86, x64.',
    ],
    ['compute', { kind, title: ['42'] }, 'title must be a string.'],
  ] as const)('in a %s: %j', async (term, body, message) => {
    const reply = await endpoint.send('POST', `/${term}/`, {
      headers: { 'Content-Type': 'application/occi+json', Accept: 'application/occi+json' },
      body: JSON.stringify(body),
    });
    expect([reply.status, JSON.parse(reply.body).message]).toEqual([400, message]);
  });
});
