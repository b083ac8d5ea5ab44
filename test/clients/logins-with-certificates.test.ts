/** The field's clients log in with a certificate, as the gateway passes it on from a connection with mutual TLS. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeService } from '../../functions/services.ts';
import { readSettings } from '../../lib/config/index.ts';
import { occiHandler } from '../../lib/request/handler.ts';
import { memoryTable } from '../../lib/table/memory.ts';
import { AUTHORITY, Certificates, PERSON } from '../certificates.ts';
import type { Reply } from '../endpoint.ts';
import { ALL_WELL, firstMachine } from './first-machine.ts';
import type { Send } from './logins.ts';

const certificates = new Certificates();
afterAll(() => certificates.remove());

const ENDPOINT = 'https://occi.example.org';

interface Result {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let handler: (event: object, context: object) => Promise<Result>;
let alice: string;
beforeAll(async () => {
  const root = certificates.issue({ subject: '/O=Grid/CN=Root', extensions: AUTHORITY });
  alice = certificates.issue({ subject: '/O=Grid/CN=Alice', issuer: root, extensions: PERSON }).pem;
  const x509 = { users: { '/O=Grid/CN=Alice': { tenant: 'physics' } } };
  const key = 'k'.repeat(32);
  const text = JSON.stringify({
    adapter: { name: 'dummy', site: 'test' },
    auth: [{ x509 }, { token: { key } }, 'keystone'],
    table: { kind: 'memory' },
    local: true,
    publicUrl: ENDPOINT,
  });
  const service = await makeService(readSettings(text), memoryTable());
  handler = occiHandler(async () => service) as never;
});

/** One request through the gateway; `pem` is the certificate of its connection. */
const through =
  (pem: () => string | undefined): Send =>
  async (method, url, headers, body) => {
    const { host, pathname, search } = new URL(url);
    const clientCertPem = pem();
    const event = {
      rawPath: pathname,
      rawQueryString: search.slice(1),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      ...(body !== undefined && { body }),
      isBase64Encoded: false,
      requestContext: {
        requestId: 'one',
        domainName: host,
        http: { method, path: pathname, sourceIp: '192.0.2.1' },
        ...(clientCertPem !== undefined && { authentication: { clientCert: { clientCertPem } } }),
      },
    };
    const result = await handler(event, { getRemainingTimeInMillis: () => 10_000 });
    const lower = Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    const seen: Partial<Reply> = { status: result.statusCode, headers: Object.fromEntries(lower), body: result.body };
    return seen as Reply;
  };

/** Clients begin without the certificate: with it, this endpoint asks for no login at all. */
const afterTheFirst = (): Send => {
  let count = 0;
  return through(() => (count++ === 0 ? undefined : alice));
};

test('A certificate alone is enough, without a login', async () => {
  const reply = await through(() => alice)('HEAD', `${ENDPOINT}/-/`, {});
  expect(reply.status).toBe(200);
});

test.each(['rOCCI-api', 'IM', 'VMDIRAC'] as const)('%s gets a machine', async (client) => {
  // VMDIRAC has the URL of the login in its settings, and sends no request without the certificate.
  const send = client === 'VMDIRAC' ? through(() => alice) : afterTheFirst();
  expect(await firstMachine(client, send, ENDPOINT, { certificate: true })).toEqual(ALL_WELL);
});

test('A federated login takes the certificate, and version 3 the method that VMDIRAC names', async () => {
  const send = through(() => alice);
  const mapped = await send('GET', `${ENDPOINT}/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/mapped/auth`, {});
  const identity = { methods: ['mapped'], mapped: { voms: true, identity_provider: 'egi.eu', protocol: 'mapped' } };
  const scope = { project: { name: 'physics', domain: { name: 'Default' } } };
  const body = JSON.stringify({ auth: { identity, scope } });
  const scoped = await send('POST', `${ENDPOINT}/v3/auth/tokens`, { 'content-type': 'application/json' }, body);
  expect([mapped, scoped].map(({ status }) => status)).toEqual([201, 201]);
  expect(JSON.parse(mapped.body).token).toMatchObject({
    methods: ['mapped'],
    user: { domain: { id: 'Federated' }, 'OS-FEDERATION': { protocol: { id: 'mapped' } } },
  });
});

test('Without a certificate nobody is proved', async () => {
  const send = through(() => undefined);
  const type = { 'content-type': 'application/json' };
  const path = `${ENDPOINT}/v3/OS-FEDERATION/identity_providers/egi.eu/protocols/mapped/auth`;
  const replies = [
    await send('GET', path, {}),
    await send('POST', `${ENDPOINT}/v2.0/tokens`, type, '{"auth":{"voms":true}}'),
  ];
  expect(replies.map(({ status }) => status)).toEqual([401, 401]);
  expect(replies[0]!.headers['www-authenticate']).toBe(`Keystone uri='${ENDPOINT}'`);
});
