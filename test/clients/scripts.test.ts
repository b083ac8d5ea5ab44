/**
 * Programs that send requests of a few fixed forms: the first probe and the curl script of EGI's FedCloud, the system test
 * of occi-os, and Roboconf. Each was run (the curl script: its requests were sent) and what it sent was recorded; the
 * requests here have the same forms. docs/clients.md says what came of it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { PASSWORDS, startLogin } from '../lib/keystone/served.ts';
import { make, makeVolume } from './payloads.ts';
import { INFRASTRUCTURE } from './seen.ts';

const ACTION = 'http://schemas.ogf.org/occi/infrastructure/compute/action#';

/** A header as these programs read it: cut at each comma, blanks around the pieces removed. */
const piecesOf = (header: string | undefined) => (header ?? '').split(',').map((piece) => piece.trim());

describe('the FedCloud of EGI', () => {
  let endpoint: Endpoint;
  let link: string;
  beforeAll(async () => {
    endpoint = await startEndpoint();
    const ends = [
      ['network', await make(endpoint, 'network')],
      ['storage', await makeVolume(endpoint)],
    ] as const;
    link = ends
      .map(
        ([kind, path]) => `<${path}>;rel="${INFRASTRUCTURE}${kind}";category="http://schemas.ogf.org/occi/core#link";`,
      )
      .join(',');
  });
  afterAll(() => endpoint.stop());

  const machine = () => ({
    Category: `compute; scheme="${INFRASTRUCTURE}";class="kind";`,
    Link: link,
    'X-OCCI-Attribute':
      'occi.core.title="a probe",occi.core.summary="",occi.compute.architecture="x64",occi.compute.cores=1,occi.compute.memory=1',
  });

  test.each([
    ['the probe, in text/occi', { 'Content-Type': 'text/occi', Accept: 'text/occi' }, '/compute/'],
    ['the curl script, without a type', { Accept: '*/*' }, '/compute/'],
    ['the curl script, with a slash too many', { Accept: '*/*' }, '//compute/'],
  ])('%s: a machine with two links is made, read and deleted', async (_, headers, path) => {
    const created = await endpoint.send('POST', path, { headers: { ...headers, ...machine() } });
    expect([created.status, created.body]).toEqual([201, created.body]);
    const at = new URL(created.headers.location!).pathname;
    const listed = await endpoint.send('GET', '/compute/', { headers: { Accept: 'text/occi' } });
    expect(piecesOf(listed.headers['x-occi-location'])).toContain(endpoint.url + at);
    const shown = await endpoint.send('GET', at, { headers: { Accept: 'text/occi' } });
    expect(piecesOf(shown.headers['x-occi-attribute'])).toContain('occi.compute.state="active"');
    expect(shown.headers.link!.match(/self="\/(?:networkinterface|storagelink)\//g)).toHaveLength(2);
    expect((await endpoint.send('DELETE', at, { headers })).status).toBe(200);
  });
});

describe('the system test of occi-os', () => {
  let endpoint: Endpoint;
  let headers: Record<string, string>;
  beforeAll(async () => {
    endpoint = await startLogin();
    const auth = { tenantName: 'physics', passwordCredentials: { username: 'alice', password: PASSWORDS.alice } };
    const reply = await endpoint.send('POST', '/v2.0/tokens', {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ auth }),
    });
    const { access } = JSON.parse(reply.body) as { access: { token: { id: string } } };
    headers = { 'Content-Type': 'text/occi', Accept: 'text/occi', 'X-Auth-Token': access.token.id };
  });
  afterAll(() => endpoint.stop());

  const SIZES = 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#';
  /** Categories without class, the kind last. */
  const machine = `small; scheme="${SIZES}", debian12; scheme="http://dummy.example.org/occi/infrastructure/os_tpl#", compute; scheme="${INFRASTRUCTURE}"`;
  const send = (method: string, path: string, more: Record<string, string> = {}) =>
    endpoint.send(method, path, { headers: { ...headers, ...more } });
  const stateOf = async (path: string) =>
    piecesOf((await send('GET', path)).headers['x-occi-attribute']).find((piece) =>
      piece.startsWith('occi.compute.state'),
    );

  test('a machine is made, stopped, started, given another size and deleted', async () => {
    const created = await send('POST', '/compute/', { Category: machine });
    const at = created.headers.location!.slice(endpoint.url.length);
    expect(await stateOf(at)).toBe('occi.compute.state="active"');
    for (const [action, state] of [
      ['stop', 'inactive'],
      ['start', 'active'],
    ] as const) {
      const done = await send('POST', `${at}?action=${action}`, { Category: `${action}; scheme="${ACTION}"` });
      expect([done.status, await stateOf(at)]).toEqual([200, `occi.compute.state="${state}"`]);
    }
    expect((await send('POST', at, { Category: `medium; scheme="${SIZES}"` })).status).toBe(200);
    expect((await send('DELETE', at)).status).toBe(200);
  });

  test('a volume whose size stands between blanks is made at /, and not at /compute/', async () => {
    const volume = { Category: `storage; scheme="${INFRASTRUCTURE}"`, 'X-OCCI-Attribute': 'occi.storage.size = 1.0' };
    expect((await send('POST', '/', volume)).status).toBe(201);
    const elsewhere = await send('POST', '/compute/', volume);
    expect([elsewhere.status, elsewhere.body]).toEqual([
      400,
      'A storage cannot be made in the collection of compute.\n',
    ]);
  });
});

describe('Roboconf', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint();
  });
  afterAll(() => endpoint.stop());

  test('its machine without a template is made by PUT, found in JSON and deleted', async () => {
    const path = '/compute/d5fd6c94-4872-4d11-8aa1-42234dfb08de';
    const attributes = [
      'occi.core.id="d5fd6c94-4872-4d11-8aa1-42234dfb08de"',
      'occi.core.title="rb1"',
      'occi.core.summary="a machine"',
      'occi.compute.architecture="x64"',
      'occi.compute.cores=2',
      'occi.compute.memory=2',
      'occi.compute.state="active"',
    ];
    const created = await endpoint.send('PUT', path, {
      headers: {
        'Content-Type': 'text/occi',
        Accept: '*/*',
        Category: `compute; scheme="${INFRASTRUCTURE}"; class="kind";`,
        'X-OCCI-Attribute': attributes,
      },
    });
    expect([created.status, created.body]).toEqual([201, `X-OCCI-Location: ${endpoint.url}${path}`]);
    const shown = await endpoint.send('GET', path, { headers: { Accept: 'application/json' } });
    const { attributes: seen } = JSON.parse(shown.body) as { attributes: Record<string, unknown> };
    expect(seen).toMatchObject({ 'occi.compute.hostname': 'rb1', 'occi.compute.state': 'active' });
    const deleted = await endpoint.send('DELETE', path, { headers: { 'Content-Type': 'text/occi', Accept: '*/*' } });
    expect([deleted.status, deleted.body]).toEqual([200, 'OK\n']);
  });
});
