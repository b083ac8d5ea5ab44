/**
 * Every error that was recorded of any service, and every bad day of a cloud, as the answer to a call of every kind of
 * request: neither the client nor the log learns what only OpenStack and its callers know.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { entity } from '../../lib/operations/payloads.ts';
import { capture } from '../../lib/request/secrets/captured.ts';
import type { BadDay } from '../../openstack/bad-days.ts';
import { type OpenStack, startOpenStack } from '../../openstack/index.ts';
import { recordingsOf } from '../../openstack/recordings.ts';
import { PROJECTS, USERS } from '../../openstack/seed.ts';
import type { ServiceName } from '../../openstack/service.ts';

const CIRROS = '7ee45757-09e6-46e6-9bc8-847da7c611f0';
const MARK = 'mark-of-a-secret';

const ERRORS = recordingsOf('nova', 'neutron', 'cinder', 'glance', 'keystone').filter(
  ({ response: { status } }) => status >= 400,
);

/** What answers of OpenStack hold and no client or log may: ids apart, which differ. */
const SECRET = [
  MARK,
  'adminPass',
  'X-Subject-Token',
  '"catalog"',
  'additionalProperties',
  'is not valid under any of the given schemas',
  'jsonschema',
  'Traceback',
  "Policy doesn't allow",
] as const;
/** The reason of a 403 is for the provider. */
const IN_LOG_ONLY: readonly string[] = ["Policy doesn't allow"];

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;
/** Ids of the callers stand in the audit. */
const OF_CALLERS: readonly string[] = [...Object.values(PROJECTS), ...Object.values(USERS), CIRROS];
const idsIn = (value: unknown): readonly string[] =>
  [...new Set((JSON.stringify(value) ?? '').match(ID) ?? [])].filter((id) => !OF_CALLERS.includes(id));

let cloud: OpenStack;
let endpoint: Endpoint;
let output: ReturnType<typeof capture>;
let logged = 0;
let logins = 0;

const start = (): Promise<Endpoint> =>
  startEndpoint({
    settings: {
      adapter: {
        name: 'openstack',
        site: 'test',
        settings: { endpoint: cloud.endpoint, defaultOsTemplate: CIRROS },
      },
      auth: ['basic', 'cloud-token'],
    },
  });
beforeAll(async () => {
  cloud = await startOpenStack({ step: 1 });
  output = capture();
  endpoint = await start();
});
afterAll(async () => {
  output.end();
  await endpoint.stop();
  await cloud.close();
});

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const ALICE = basic('alice:alice-secret');

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly call?: ReturnType<typeof entity>;
  /** Of the call that fails. */
  readonly native: 'GET' | 'POST';
}

const create = (kind: string, attributes = {}, links: readonly { kind: string; target: string }[] = []): Asked => ({
  method: 'POST',
  path: `/${kind}/`,
  call: entity('text/plain', { kind, attributes, links }),
  native: 'POST',
});
const reading = (path: string): Asked => ({ method: 'GET', path, native: 'GET' });

/** By service: a request that reads, and one that makes something. */
const REQUESTS = {
  identity: [{ ...reading('/compute/'), native: 'POST' }],
  compute: [reading('/compute/'), create('compute', { 'occi.core.title': 'one' })],
  network: [reading('/network/'), reading('/securitygroup/'), create('network'), create('securitygroup')],
  volume: [reading('/storage/'), create('storage', { 'occi.storage.size': 1 })],
  image: [reading('/-/')],
} as const satisfies Record<ServiceName, readonly Asked[]>;

/** A request, and what was written of it. */
async function asked({ method, path, call = {} }: Asked, headers: Record<string, string>) {
  logged = output.lines.length;
  const reply = await endpoint.send(method, path, { ...call, headers: { ...call.headers, ...headers } });
  return { reply, log: output.lines.slice(logged).join('\n') };
}

const shownIn = (text: string, secrets: readonly string[]): readonly string[] =>
  secrets.filter((one) => text.includes(one));

/** Sends each request of a service while its next call fails in this way: how many calls that were. */
async function failing(service: ServiceName, day: BadDay, ids: readonly string[]): Promise<number> {
  let failed = 0;
  for (const request of REQUESTS[service]) {
    if (service === 'image') {
      // A process keeps the images of a project.
      await endpoint.stop();
      endpoint = await start();
    }
    const before = cloud.calls();
    cloud.badDays.add(day, { service, method: request.native, times: 1 });
    // A password that nobody has proved yet, so that Keystone is asked.
    if (service === 'identity') cloud.site.people.userNamed('bob')!.password = `bob-secret-${++logins}`;
    const who = service === 'identity' ? basic(`bob:bob-secret-${logins}`) : ALICE;
    const { reply, log } = await asked(request, who);
    const answer = JSON.stringify([reply.rawHeaders, reply.body]);
    const tokens = [...cloud.site.people.tokens.keys()];
    expect(shownIn(answer, [...SECRET, ...ids, ...tokens])).toEqual([]);
    const unlogged = SECRET.filter((one) => !IN_LOG_ONLY.includes(one));
    expect(shownIn(log, [...unlogged, ...ids, ...tokens, 'alice-secret', 'bob-secret'])).toEqual([]);
    if (reply.status >= 400) expect(reply.body.trim()).toMatch(/^[A-Z][^\n]*[.'"]$/);
    failed += cloud.log
      .slice(before)
      .filter((call) => call.service === service && call.method === request.native)
      .slice(0, 1).length;
    cloud.badDays.end();
  }
  return failed;
}

describe('A recorded error', () => {
  test('is there from every service, schemas among them', () => {
    for (const service of Object.keys(REQUESTS))
      expect(ERRORS.filter((one) => one.service === service).length).toBeGreaterThan(15);
    expect(ERRORS.some(({ response: { body } }) => JSON.stringify(body).includes('additionalProperties'))).toBe(true);
  });

  test.each(ERRORS.map((one) => [one.name, one] as const))('%s', async (_name, { service, response }) => {
    const { status, headers, body } = response;
    const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const told = typeof body === 'object' && body !== null ? { ...body, adminPass: MARK } : body;
    const answer = { status, headers: { 'content-type': type ?? 'application/json' }, body: told };
    expect(await failing(service, { kind: 'answer', answer }, idsIn(body))).toBe(REQUESTS[service].length);
  });
});

describe('A bad day', () => {
  const SECRETS = { server: { id: 7, adminPass: MARK }, token: { catalog: [{ name: MARK }] }, volumes: MARK };
  const DAYS: readonly BadDay[] = [
    { kind: 'html' },
    { kind: 'html', status: 404 },
    { kind: 'cut' },
    { kind: 'lost' },
    { kind: 'malformed' },
    { kind: 'nonsense', body: SECRETS },
    { kind: 'answer', answer: { status: 202, body: SECRETS } },
    { kind: 'answerAfter', answer: { status: 500, body: { computeFault: { code: 500, message: MARK } } } },
    { kind: 'throttled' },
    { kind: 'expired' },
    { kind: 'down' },
  ];

  test.each(
    (Object.keys(REQUESTS) as ServiceName[]).flatMap((service) => DAYS.map((day) => [service, day.kind, day] as const)),
  )('of %s: %s', async (service, _kind, day) => {
    expect(await failing(service, day, [])).toBe(REQUESTS[service].length);
  });

  test('would be seen: what is searched for is found where it is', () => {
    expect(output.lines.join('\n')).toMatch(/"message":"request"/);
    expect(shownIn(`a ${MARK} b`, SECRET)).toEqual([MARK]);
    expect(idsIn({ a: `Instance ${'0'.repeat(8)}-1111-2222-3333-${'4'.repeat(12)}`, b: PROJECTS.alpha })).toHaveLength(
      1,
    );
  });
});
