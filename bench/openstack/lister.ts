/**
 * Lists the machines of the population, whole in JSON, through the endpoint: each process is a container, and each message a
 * request, of which the first finds nothing kept. Sends the cost and what the cloud was asked, and after a message
 * `bare` the cost of the same readings by fetch.
 */
import { gunzipSync } from 'node:zlib';
import { startEndpoint } from '../endpoint.ts';
import { type Cost, costOf } from '../opennebula/measure.ts';
import { fetchAgain, type Recorded, recorded } from './recorder.ts';

/** What one message brings. */
export interface Listed extends Cost {
  /** Machines in the answer, or bytes of the bare readings. */
  readonly found: number;
  /** Calls to the cloud. */
  readonly calls: readonly string[];
}

const [endpoint = '', credentials = ''] = process.argv.slice(2);
const send = startEndpoint({ name: 'openstack', settings: { endpoint } });
let last: readonly Recorded[] = [];

const ids = /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}/g;
const callOf = ({ method, url }: Recorded): string => {
  const { pathname, searchParams } = new URL(url);
  const names = [...new Set(searchParams.keys())].filter((name) => name !== 'fields');
  return `${method} ${pathname.replace(ids, '{}')}${names.length > 0 ? `?${names.join('&')}` : ''}`;
};

async function list(): Promise<Listed> {
  let body = '';
  let isBase64Encoded = false;
  let cost: Cost = { time: 0, work: 0 };
  last = await recorded(async () => {
    cost = await costOf(async () => {
      const headers = { accept: 'application/occi+json', 'accept-encoding': 'gzip' };
      ({ body = '', isBase64Encoded = false } = await send(credentials, { method: 'GET', path: '/compute/', headers }));
    });
  });
  const text = isBase64Encoded ? gunzipSync(Buffer.from(body, 'base64')).toString() : body;
  const found = (JSON.parse(text) as { resources: unknown[] }).resources.length;
  return { ...cost, found, calls: last.map(callOf) };
}

async function bare(): Promise<Listed> {
  let found = 0;
  const readings = last.filter(({ url }) => !url.includes('/auth/'));
  const cost = await costOf(async () => {
    found = await fetchAgain(readings);
  });
  return { ...cost, found, calls: readings.map(callOf) };
}

process.on('message', async (what: 'list' | 'bare') => {
  process.send!(await (what === 'list' ? list() : bare()));
});
process.on('disconnect', () => process.exit());
