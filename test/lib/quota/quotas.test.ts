import { afterEach, describe, expect, test } from '@jest/globals';
import { type Endpoint, type EndpointOptions, type Reply, startEndpoint } from '../../endpoint.ts';

const INFRASTRUCTURE = 'http://schemas.ogf.org/occi/infrastructure#';
const category = (term: string, scheme = INFRASTRUCTURE, of = 'kind') =>
  `Category: ${term}; scheme="${scheme}"; class="${of}"`;
const size = (term: string) =>
  category(term, 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#', 'mixin');
const attribute = (text: string) => `X-OCCI-Attribute: ${text}`;
const compute = (...lines: string[]) => [category('compute'), ...lines].join('\n');
const storage = (gib: number) => [category('storage'), attribute(`occi.storage.size=${gib}`)].join('\n');

let endpoint: Endpoint;
const begin = async (perTenant: object, options: EndpointOptions = {}) => {
  endpoint = await startEndpoint({ ...options, settings: { limits: { perTenant }, ...options.settings } });
};
afterEach(() => endpoint.stop());

const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Reply> =>
  endpoint.send(method, path, {
    headers: { ...(body !== undefined && { 'Content-Type': 'text/plain' }), ...headers },
    ...(body !== undefined && { body }),
  });
const make = (body: string, headers = {}) => {
  const [, kind] = /^Category: (\w+)/.exec(body)!;
  return send('POST', `/${kind}/`, body, headers);
};
const made = async (body: string): Promise<string> => {
  const { status, headers, body: text } = await make(body);
  expect([status, text]).toEqual([201, expect.anything()]);
  return new URL(headers.location!).pathname;
};
const told = ({ status, body }: Reply) => [status, body.trim()];

describe('A quota', () => {
  test('names itself, what is used and what the request needs', async () => {
    await begin({ cores: 10 });
    await made(compute(attribute('occi.compute.cores=8')));
    expect(told(await make(compute(attribute('occi.compute.cores=4'))))).toEqual([
      403,
      'The quota of your tenant allows 10 cores: 8 are used and the request needs 4.',
    ]);
    await made(compute(attribute('occi.compute.cores=2')));
  });

  test.each([
    ['computes', { compute: 1 }, compute(), 'allows 1 compute: 1 is used and the request needs 1.'],
    [
      'memory, of which a size has some',
      { memory: 5 },
      compute(size('large')),
      'allows 5 GiB of memory: 4 are used and the request needs 4.',
    ],
    [
      'cores that the cloud gives to a machine without a size',
      { cores: 1 },
      compute(),
      'allows 1 core: 1 is used and the request needs 1.',
    ],
    ['storage', { storage: 15 }, storage(10), 'allows 15 GiB of storage: 10 are used and the request needs 10.'],
    [
      'addresses',
      { addresses: 1 },
      category('ipreservation'),
      'allows 1 reserved address: 1 is used and the request needs 1.',
    ],
  ])('limits %s', async (_, limits, body, message) => {
    await begin(limits);
    await made(body);
    expect(told(await make(body))).toEqual([403, `The quota of your tenant ${message}`]);
  });
});
