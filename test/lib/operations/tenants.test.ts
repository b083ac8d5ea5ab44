import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Endpoint } from '../../endpoint.ts';
import {
  ANSWERS,
  action,
  category,
  entity,
  INFRASTRUCTURE,
  list,
  make,
  OS_TPL,
  pathOf,
  plain,
  RENDERINGS,
  read,
} from './payloads.ts';
import { type Client, startTwoTenants, TAG, type TwoTenants } from './two-tenants.ts';

let endpoint: Endpoint;
let as: TwoTenants['as'];
let alice: Client;
let mallory: Client;
let hers: TwoTenants['hers'];
beforeEach(async () => {
  ({ endpoint, as, alice, mallory, hers } = await startTwoTenants());
});
afterEach(() => endpoint.stop());

const idOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

describe('One tenant sees nothing of another', () => {
  test.each(ANSWERS)('in listings, in %s', async (mediaType) => {
    for (const path of [
      '/',
      '/compute/',
      '/storage/',
      '/network/',
      '/networkinterface/',
      '/mixin/os_tpl/',
      '/mixin/',
    ]) {
      const call = { headers: { Accept: mediaType } };
      const before = await as('newcomer').send('GET', path, call);
      const seen = await mallory.send('GET', path, call);
      expect([seen.status, seen.body]).toEqual([200, before.body]);
      for (const id of Object.values(hers)) expect(JSON.stringify(seen)).not.toContain(idOf(id));
    }
  });

  test('in discovery: neither her mixins nor the templates she saved', async () => {
    const save = `${INFRASTRUCTURE.replace('#', '')}/compute/action#save`;
    const saved = await alice.send('POST', '/compute/web?action=save', action('text/plain', save, { name: 'golden' }));
    const term = /golden-[0-9a-f]+/.exec(saved.body)![0];
    expect((await alice.send('GET', '/-/')).body).toContain(term);
    const { body } = await mallory.send('GET', '/-/');
    expect(body).not.toContain(term);
    expect(body).not.toContain('hers');
    expect(
      (await mallory.send('POST', '/compute/', entity('text/plain', { kind: 'compute', mixins: [OS_TPL + term] })))
        .status,
    ).toBe(400);
    for (const path of ['/hers/', `/mixin/os_tpl/${term}/`]) expect((await mallory.send('GET', path)).status).toBe(404);
  });

  test('each may take the same names: paths, mixins, idempotency keys', async () => {
    expect((await mallory.send('PUT', '/compute/web', entity('text/plain', { kind: 'compute' }))).status).toBe(201);
    expect(
      (await mallory.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/his/"`))).status,
    ).toBe(200);
    expect(await list(mallory, '/his/')).toEqual([]);
    expect((await read(mallory, '/compute/web')).id).not.toBe((await read(alice, '/compute/web')).id);
    const create = { ...entity('text/plain', { kind: 'compute' }) };
    const keyed = { ...create, headers: { ...create.headers, 'Idempotency-Key': 'k' } };
    const first = await alice.send('POST', '/compute/', keyed);
    const second = await mallory.send('POST', '/compute/', keyed);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.headers.location).not.toBe(second.headers.location);
  });

  test('a DELETE of everything takes only the caller’s own', async () => {
    await make(mallory, { kind: 'compute' });
    for (const path of ['/', '/compute/', '/network/']) await mallory.send('DELETE', `${path}?all=true`);
    expect(await list(mallory, '/compute/')).toEqual([]);
    for (const path of Object.values(hers)) expect((await alice.send('GET', path)).status).toBe(200);
  });
});

describe('Who is not known', () => {
  test.each(RENDERINGS)('is refused before anything else, with the challenge, in %s (HTTP-39)', async (mediaType) => {
    for (const path of ['/-/', '/', '/compute/', hers.compute!, '/none']) {
      const callers: Record<string, string>[] = [{}, { 'X-Caller': 'nobody' }];
      for (const caller of callers) {
        const headers = { Accept: mediaType, ...caller };
        const reply = await endpoint.send('GET', path, { headers });
        expect(reply.status).toBe(401);
        expect(reply.headers.server).toContain('OCCI/1.2');
        expect(reply.headers['x-request-id']).toBeDefined();
      }
      expect((await endpoint.send('GET', path)).headers['www-authenticate']).toBe('Test realm="occi"');
    }
  });

  test.each([
    'a/dummy/test',
    '@all',
    'ALICE',
    'alice ',
    'alice/',
    '..',
    '%61lice',
    'a'.repeat(700),
    'annotation#',
    'ä',
  ])('a caller named %j is distinct from all others', async (name) => {
    const caller = as(Buffer.from(name).toString('latin1'));
    const reply = await caller.send('GET', '/compute/');
    expect([200, 401]).toContain(reply.status);
    if (name.trim() !== 'alice' && reply.status === 200) expect(reply.body).toBe('');
    expect(pathOf(hers.compute!)).toBe(hers.compute);
  });
});
