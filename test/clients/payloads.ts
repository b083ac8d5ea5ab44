/** Requests that prepare what a client then meets. */
import type { Call, Endpoint } from '../endpoint.ts';
import { INFRASTRUCTURE } from './seen.ts';

export const kindLine = (term: string) => `Category: ${term}; scheme="${INFRASTRUCTURE}"; class="kind"\n`;
export const attributeLine = (name: string, value: string | number) =>
  `X-OCCI-Attribute: ${name}=${typeof value === 'number' ? value : `"${value}"`}\n`;

export const text = (body: string, accept = 'text/plain'): Call => ({
  headers: { 'Content-Type': 'text/plain', Accept: accept },
  body,
});

export const accepting = (mediaType: string): Call => ({ headers: { Accept: mediaType } });

const ACTIONS = (kind: string) => `http://schemas.ogf.org/occi/infrastructure/${kind}/action#`;

export const actionLine = (action: string, kind = 'compute') =>
  `Category: ${action};scheme="${ACTIONS(kind)}";class="action"\n`;

/** Makes an entity and gives its path. */
export async function make(endpoint: Endpoint, kind: string, rest = ''): Promise<string> {
  const { status, headers, body } = await endpoint.send('POST', `/${kind}/`, text(kindLine(kind) + rest));
  if (status !== 201) throw new Error(body);
  return headers.location!.replace(endpoint.url, '');
}

export const makeVolume = (endpoint: Endpoint) => make(endpoint, 'storage', attributeLine('occi.storage.size', 1));

/** A link's two ends. */
export const ends = (source: string, target: string) =>
  attributeLine('occi.core.source', source) + attributeLine('occi.core.target', target);

/** A machine with a volume and an interface. */
export async function makeLinkedMachine(endpoint: Endpoint): Promise<{ machine: string; volume: string }> {
  const [machine, volume, network] = [
    await make(endpoint, 'compute', attributeLine('occi.core.title', 'linked')),
    await makeVolume(endpoint),
    await addressedNetwork(endpoint),
  ];
  await make(endpoint, 'storagelink', ends(machine, volume));
  await make(endpoint, 'networkinterface', ends(machine, network));
  return { machine, volume };
}

/** A network that gives out addresses. */
export const addressedNetwork = (endpoint: Endpoint) =>
  make(
    endpoint,
    'network',
    'Category: ipnetwork; scheme="http://schemas.ogf.org/occi/infrastructure/network#"; class="mixin"\n' +
      attributeLine('occi.network.address', '192.168.7.0/24') +
      attributeLine('occi.network.allocation', 'dynamic'),
  );
