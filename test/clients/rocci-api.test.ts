/**
 * rOCCI-api without a media type of its own, as Ruby programs use it: requests are written in the type that it finds in
 * the header `Accept` of the answer to GET `/`, while every answer is still asked for as text.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { make } from './payloads.ts';
import { ROCCI, readEntity, readUriList } from './rocci.ts';

const HEADERS = { ...ROCCI, Accept: 'text/plain,text/occi;q=0.2' };

/** The first of these that stands anywhere in the header, in lower case only. */
function writesIn(accept: string): string {
  if (/application\/occi\+json/.test(accept)) return 'application/occi+json';
  return /text\/occi/.test(accept) ? 'text/occi' : 'text/plain';
}

describe('rOCCI-api without a media type', () => {
  let endpoint: Endpoint;
  let machines: readonly string[];

  beforeAll(async () => {
    endpoint = await startEndpoint();
    machines = [await make(endpoint, 'compute'), await make(endpoint, 'compute')];
  });
  afterAll(() => endpoint.stop());

  const get = (path: string, accept = HEADERS.Accept) =>
    endpoint.send('GET', path, { headers: { ...HEADERS, Accept: accept } });

  /** With JSON it describes a kind by one request, without it lists URLs first; either way it reads text. */
  async function describeMachines(writes: string): Promise<readonly unknown[]> {
    if (writes === 'application/occi+json') {
      const entity = readEntity(await get('/compute/'));
      return Object.keys(entity.attributes).length === 0 ? [] : [entity.attributes['occi.core.id']];
    }
    const urls = readUriList(await get('/compute/', 'text/uri-list')).map((url) => url.trim());
    const all = urls.map(async (url) => readEntity(await get(new URL(url).pathname)).attributes['occi.core.id']);
    return Promise.all(all);
  }

  test('it describes every machine', async () => {
    const { headers } = await get('/');
    const ids = machines.map((path) => path.replace('/compute/', 'urn:uuid:'));
    expect((await describeMachines(writesIn(headers.accept!))).toSorted()).toEqual(ids.toSorted());
  });

  test('it keeps large user data out of headers, which a gateway limits', async () => {
    const { headers } = await get('/');
    expect(writesIn(headers.accept!)).not.toBe('text/occi');
  });

  test('the header names all renderings that are read', async () => {
    const { headers } = await get('/');
    const types = headers.accept!.toLowerCase().split(/\s*,\s*/);
    expect(types).toEqual(expect.arrayContaining(['text/plain', 'text/occi', 'application/occi+json']));
  });
});
