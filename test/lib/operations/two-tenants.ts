/** An endpoint with two tenants: Alice, who has everything, and Mallory, who would like to know. */
import { principal } from '../../../lib/auth/principal.ts';
import type { AuthScheme } from '../../../lib/auth/scheme.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Call, Endpoint } from '../../endpoint.ts';
import { category, entity, list, make, plain } from './payloads.ts';
import { serve } from './served.ts';

export type Client = Pick<Endpoint, 'send'>;

/** Who calls stands in a header, for want of real credentials. */
const byHeader: AuthScheme = {
  name: 'users',
  challenge: () => 'Test realm="occi"',
  authenticate({ headers }) {
    const name = headers['x-caller']?.[0];
    if (name === 'nobody') throw new OcciError('unauthenticated', 'Nobody may come in.');
    return name === undefined ? undefined : principal('users', name);
  },
};

/** A mixin of Alice’s, at /hers/. */
export const TAG = 'http://example.org/tags#hers';

export interface TwoTenants {
  readonly endpoint: Endpoint;
  as(name: string): Client;
  readonly alice: Client;
  readonly mallory: Client;
  /** Paths of what Alice has, by kind; besides there is a compute at /compute/web. */
  readonly hers: Readonly<Record<'compute' | 'storage' | 'network' | 'networkinterface', string>>;
}

export async function startTwoTenants(): Promise<TwoTenants> {
  const endpoint = await serve((service) => ({ ...service, schemes: [byHeader] }));
  const as = (name: string): Client => ({
    send: (method, path, call: Call = {}) =>
      endpoint.send(method, path, { ...call, headers: { ...call.headers, 'X-Caller': name } }),
  });
  const alice = as('alice');
  await alice.send('POST', '/-/', plain(`Category: ${category(TAG, 'mixin')}; location="/hers/"`));
  await alice.send('PUT', '/compute/web', entity('text/plain', { kind: 'compute', mixins: [TAG] }));
  const storage = await make(alice, { kind: 'storage', attributes: { 'occi.storage.size': 1 } });
  const network = await make(alice, { kind: 'network' });
  const compute = await make(alice, { kind: 'compute', links: [{ kind: 'networkinterface', target: network }] });
  const [networkinterface] = await list(alice, '/networkinterface/');
  const hers = { compute, storage, network, networkinterface: networkinterface! };
  return { endpoint, as, alice, mallory: as('mallory'), hers };
}
