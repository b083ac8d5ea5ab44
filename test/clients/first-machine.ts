/** The way of a client from its login to a first machine and back. */
import type { Endpoint, Reply } from '../endpoint.ts';
import { type ClientName, type Headers, LOGINS, type Proof, type Send } from './logins.ts';
import { INFRASTRUCTURE } from './seen.ts';

/** Requests by their whole URL, to an endpoint that is reached at its own. */
export const sendTo =
  ({ url, send }: Pick<Endpoint, 'url' | 'send'>): Send =>
  (method, target, headers, body) => {
    if (!target.startsWith(url)) throw new Error(`${target} is not at ${url}`);
    return send(method, target.slice(url.length) || '/', { headers, ...(body !== undefined && { body }) });
  };

const COMPUTE = [
  `Category: compute; scheme="${INFRASTRUCTURE}"; class="kind"`,
  'X-OCCI-Attribute: occi.core.title="first"',
].join('\n');

/** The statuses of discovery, create, describe, delete, and of a look at what is gone. */
export async function firstMachine(
  client: ClientName,
  send: Send,
  endpoint: string,
  proof: Proof,
): Promise<readonly number[]> {
  const own: Headers = await LOGINS[client](send, endpoint, proof);
  const { 'Content-Type': _, ...headers } = own;
  const seen: Reply[] = [await send('GET', `${endpoint}/-/`, headers)];
  const created = await send(
    'POST',
    `${endpoint}/compute/`,
    { ...headers, 'Content-Type': 'text/plain,text/occi' },
    COMPUTE,
  );
  seen.push(created);
  const machine = created.headers.location ?? '';
  if (!machine.startsWith(`${endpoint}/compute/`)) throw new Error(`no machine: ${created.status} ${created.body}`);
  for (const method of ['GET', 'DELETE', 'GET']) seen.push(await send(method, machine, headers));
  return seen.map(({ status }) => status);
}

/** What `firstMachine` gives where everything goes well. */
export const ALL_WELL = [200, 201, 200, 200, 404];
