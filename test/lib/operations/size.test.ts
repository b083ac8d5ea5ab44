/** A size and the attributes that it sets (CRTP-2, D-26): a machine has both alike, or the request is refused. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { CRTP, entity, list, type MediaType, make, OS_TPL, plain, RENDERINGS, read, type Wanted } from './payloads.ts';

const CORES = 'occi.compute.cores';
const MEMORY = 'occi.compute.memory';
const DISK = 'occi.compute.ephemeral_storage.size';
const MEDIUM = `${CRTP}medium`;
const LARGE = `${CRTP}large`;

let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await startEndpoint();
});
afterEach(() => endpoint.stop());

const saying = ({ body, headers }: { body: string; headers: Readonly<Record<string, string>> }) =>
  body || headers['x-occi-error'];

describe.each(RENDERINGS)('In %s', (mediaType: MediaType) => {
  const post = (wanted: Wanted, at = '/compute/') => endpoint.send('POST', at, entity(mediaType, wanted));

  test('a create with a size and another number of cores makes nothing, and names the size', async () => {
    const reply = await post({ kind: 'compute', mixins: [MEDIUM], attributes: { [CORES]: 8 } });
    expect([reply.status, saying(reply)]).toEqual([400, expect.stringContaining(MEDIUM)]);
    expect(saying(reply)).toContain(CORES);
    expect(await list(endpoint, '/compute/')).toEqual([]);
  });

  test('a create may repeat the values of its size', async () => {
    const attributes = { [CORES]: 2, [MEMORY]: 2, [DISK]: 20 };
    const reply = await post({ kind: 'compute', mixins: [MEDIUM], attributes });
    expect(reply.status).toBe(201);
  });

  test('an update of what the size of a machine sets changes nothing, and names the size', async () => {
    const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
    const before = await read(endpoint, machine);
    for (const [name, value] of [
      [CORES, 8],
      [MEMORY, 64],
      [DISK, 500],
    ] as const) {
      const reply = await post({ attributes: { [name]: value } }, machine);
      expect([reply.status, saying(reply)]).toEqual([409, expect.stringContaining(MEDIUM)]);
      expect(saying(reply)).toContain('resource_tpl');
    }
    expect(await read(endpoint, machine)).toEqual(before);
  });

  test('an update may repeat the values of the size', async () => {
    const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
    expect((await post({ attributes: { [CORES]: 2, [DISK]: 20 } }, machine)).status).toBe(200);
    expect((await read(endpoint, machine)).mixins).toContain(MEDIUM);
  });

  test('another size replaces it, with its own values or none', async () => {
    const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
    const wrong = await post({ mixins: [LARGE], attributes: { [CORES]: 8 } }, machine);
    expect([wrong.status, saying(wrong)]).toEqual([400, expect.stringContaining(LARGE)]);
    const old = await post({ mixins: [LARGE], attributes: { [CORES]: 2 } }, machine);
    expect(old.status).toBe(400);
    expect((await read(endpoint, machine)).mixins).toContain(MEDIUM);
    expect((await post({ mixins: [LARGE], attributes: { [CORES]: 4 } }, machine)).status).toBe(200);
    const { mixins, attributes } = await read(endpoint, machine);
    expect(mixins).toEqual([`${OS_TPL}debian12`, LARGE]);
    expect(attributes).toMatchObject({ [CORES]: 4, [MEMORY]: 4, [DISK]: 40 });
  });

  test('the size that a machine has beside another number of cores is a request at odds with itself', async () => {
    const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
    for (const method of ['POST', 'PUT']) {
      const wanted = { kind: 'compute', mixins: [MEDIUM], attributes: { [CORES]: 8 } };
      const reply = await endpoint.send(method, machine, entity(mediaType, wanted));
      expect([reply.status, saying(reply)]).toEqual([400, expect.stringContaining(MEDIUM)]);
    }
    expect((await read(endpoint, machine)).attributes).toMatchObject({ [CORES]: 2, [DISK]: 20 });
  });

  test('a full update without the size takes it away, and the values are the client’s', async () => {
    const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
    const wanted = { kind: 'compute', attributes: { [CORES]: 8, [MEMORY]: 2 } };
    expect((await endpoint.send('PUT', machine, entity(mediaType, wanted))).status).toBe(200);
    const { mixins, attributes } = await read(endpoint, machine);
    expect(mixins).not.toContain(MEDIUM);
    expect(attributes).toMatchObject({ [CORES]: 8, [MEMORY]: 2 });
    expect(attributes[DISK]).toBeUndefined();
  });

  test('a machine without a size has the values that the client sends', async () => {
    const machine = await make(endpoint, { kind: 'compute', attributes: { [CORES]: 8 } });
    expect((await post({ attributes: { [CORES]: 4 } }, machine)).status).toBe(200);
    expect((await read(endpoint, machine)).attributes[CORES]).toBe(4);
  });
});

test('discovery calls immutable what a size sets', async () => {
  const headers = { Accept: 'application/occi+json', Category: `medium; scheme="${CRTP}"; class="mixin"` };
  const { body } = await endpoint.send('GET', '/-/', { headers });
  const { attributes } = JSON.parse(body).mixins[0];
  for (const name of [CORES, MEMORY, DISK]) expect(attributes[name]).toMatchObject({ mutable: false });
});

test('the collection of another size resizes a machine', async () => {
  const machine = await make(endpoint, { kind: 'compute', mixins: [MEDIUM] });
  const reply = await endpoint.send('POST', '/mixin/resource_tpl/large/', plain(`X-OCCI-Location: ${machine}`));
  expect(reply.status).toBe(200);
  expect((await read(endpoint, machine)).attributes).toMatchObject({ [CORES]: 4 });
});
