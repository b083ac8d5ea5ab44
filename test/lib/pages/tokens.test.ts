/** `/.well-known/tokens` over a real socket, with users of the settings and the embedded cloud. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Call, type Endpoint, startEndpoint } from '../../endpoint.ts';

const PATH = '/.well-known/tokens';
/** Salt and hash of `s3cret`. */
const password = '$scrypt$ln=14,r=8,p=1$wBUfQCHNZxSVIttsBRHTwQ$PqrEGumS5yW4lPC6QHSYWlb3LI2z2u2w+5OX5wFRp8U';
const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(`${user}:s3cret`).toString('base64')}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPES = { 'content-type': 'application/json', accept: 'application/json' };

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({
    settings: {
      auth: [
        {
          users: {
            alice: { password, tenant: 'physics' },
            bob: { password },
            rita: { password, tenant: 'physics', role: 'reader' },
            root: { password, role: 'admin' },
          },
        },
        { token: { maxDays: 10 } },
      ],
    },
  });
});
afterAll(() => endpoint.stop());

const send = (method: string, path: string, headers: Call['headers'], body?: string) =>
  endpoint.send(method, path, { headers, ...(body !== undefined && { body }) });
const made = async (user = 'alice', asked: unknown = {}) => {
  const { status, body } = await send('POST', PATH, { ...basic(user), ...JSON_TYPES }, JSON.stringify(asked));
  expect([status, body]).toEqual([201, expect.any(String)]);
  return JSON.parse(body) as { token: string; id: string } & Record<string, unknown>;
};
const listed = async (user = 'alice') => {
  const { body } = await send('GET', PATH, { ...basic(user), accept: 'application/json' });
  return (JSON.parse(body) as { tokens: { id: string }[] }).tokens;
};

describe('POST', () => {
  test('with curl prints the token alone, so that a shell can keep it', async () => {
    const { status, headers, body } = await send('POST', PATH, { ...basic('alice'), accept: '*/*' });
    expect(status).toBe(201);
    expect(body).toMatch(/^occi_[\w-]{75}\n$/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' });
    const token = body.trim();
    expect((await send('GET', '/compute/', { 'x-auth-token': token })).status).toBe(200);
    expect((await send('GET', '/compute/', bearer(token))).status).toBe(200);
    expect(new URL(headers.location!).pathname).toBe(`${PATH}/${(await listed()).at(-1)!.id}`);
  });

  test('in JSON answers with the token and what it permits', async () => {
    const token = await made('alice', {
      label: 'laptop',
      days: 2,
      readOnly: true,
      kinds: ['compute'],
      tenant: 'physics',
    });
    expect(token).toEqual({
      token: expect.stringMatching(/^occi_/),
      id: expect.any(String),
      label: 'laptop',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      expires: expect.any(String),
      readOnly: true,
      kinds: ['compute'],
      tenants: [{ tenant: 'physics', role: 'member' }],
    });
    const life = Date.parse(token.expires as string) - Date.parse(token.created as string);
    expect(life).toBe(2 * 86_400_000);
  });

  test.each([
    [FORM, 'label=my+laptop&days=3&readOnly=true&kinds=compute,network'],
    [{ 'content-type': 'text/plain' }, 'label=my laptop\n\ndays = 3\r\nreadOnly=true\nkinds=compute, network'],
  ])('understands %j', async (type, body) => {
    const headers = { ...basic('alice'), ...type, accept: 'application/json' };
    expect(JSON.parse((await send('POST', PATH, headers, body)).body)).toMatchObject({
      label: 'my laptop',
      readOnly: true,
      kinds: ['compute', 'network'],
    });
  });

  test('lasts as long as the settings allow, or until a time', async () => {
    const { created, expires } = (await made()) as unknown as { created: string; expires: string };
    expect(Date.parse(expires) - Date.parse(created)).toBe(10 * 86_400_000);
    const time = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
    const until = await made('alice', { expires: time });
    expect(Math.abs(Date.parse(until.expires as string) - Date.parse(time))).toBeLessThanOrEqual(1000);
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ['days of other settings', FORM, 'days=11', /from 1 to 10/],
    ['no days', FORM, 'days=0', /from 1 to 10/],
    ['half a day', JSON_TYPES, '{"days":0.5}', /from 1 to 10/],
    ['the past', FORM, 'expires=2001-01-01T00:00:00Z', /at most 10 days/],
    ['a time without a zone', FORM, 'expires=2030-01-01', /such as 2030/],
    ['two ends', FORM, 'days=1&expires=2030-01-01T00:00:00Z', /one of them/],
    ['a misspelt member', FORM, 'lable=x', /did you mean label/],
    ['an unknown member', JSON_TYPES, '{"scope":"all"}', /has no scope/],
    ['a member twice', FORM, 'label=a&label=b', /once/],
    ['an unknown kind', FORM, 'kinds=vm', /list of kinds/],
    ['no kinds', JSON_TYPES, '{"kinds":[]}', /list of kinds/],
    ['a label that changes the terminal', JSON_TYPES, '{"label":"a\\u001b[31m"}', /visible/],
    ['a number for a flag', JSON_TYPES, '{"readOnly":1}', /true or false/],
    ['a group of a cloud without', FORM, 'group=users', /no group/],
    ['what is no JSON', JSON_TYPES, '{', /not JSON/],
    ['a list', JSON_TYPES, '[]', /not a JSON object/],
    ['__proto__', JSON_TYPES, '{"__proto__":{"label":"x"}}', /has no __proto__/],
    ['a line without =', { 'content-type': 'text/plain' }, 'laptop', /no =/],
  ])('refuses %s', async (_, headers, body, message) => {
    const reply = await send('POST', PATH, { ...basic('alice'), ...headers, accept: 'text/plain' }, body);
    expect([reply.status, reply.body]).toEqual([400, expect.stringMatching(message)]);
  });

  test('refuses a type that it does not know, a key, and a query', async () => {
    const xml = { ...basic('alice'), 'content-type': 'text/xml' };
    expect((await send('POST', PATH, xml, '<x/>')).status).toBe(415);
    expect((await send('POST', PATH, { ...basic('alice'), 'idempotency-key': 'x' })).status).toBe(400);
    expect((await send('POST', `${PATH}?days=1`, basic('alice'))).status).toBe(400);
  });

  test('refuses a tenant of others', async () => {
    const reply = await send('POST', PATH, { ...basic('alice'), ...FORM }, 'tenant=bob');
    expect(reply.status).toBe(403);
  });

  test('is not for web pages of other origins', async () => {
    expect((await send('POST', PATH, { ...basic('alice'), origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('A token', () => {
  test('does what its user may do, and no more than its scope', async () => {
    const network = { ...FORM, 'content-type': 'text/occi' };
    const draft = { category: 'network; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"' };
    const create = (token: string) => send('POST', '/network/', { ...network, ...draft, ...bearer(token) });
    expect((await create((await made()).token)).status).toBe(201);
    expect((await create((await made('rita')).token)).status).toBe(403);
    expect((await create((await made('alice', { readOnly: true })).token)).status).toBe(403);
    const forCompute = (await made('alice', { kinds: ['compute'] })).token;
    expect((await create(forCompute)).status).toBe(403);
    expect((await send('GET', '/compute/', bearer(forCompute))).status).toBe(200);
    expect((await send('GET', '/network/', bearer(forCompute))).status).toBe(403);
  });

  test('makes no tokens; it lists and revokes those of its user', async () => {
    const { token, id } = await made('bob');
    const refused = await send('POST', PATH, bearer(token));
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('makes no other tokens')]);
    expect((await send('GET', PATH, bearer(token))).body).toContain(id);
    expect((await send('DELETE', `${PATH}/${id}`, bearer(token))).status).toBe(204);
    expect((await send('GET', PATH, bearer(token))).status).toBe(401);
  });

  test('for reading revokes nothing, and one for kinds sees no tokens', async () => {
    const reading = await made('bob', { readOnly: true });
    expect((await send('GET', PATH, bearer(reading.token))).status).toBe(200);
    expect((await send('DELETE', `${PATH}?all=true`, bearer(reading.token))).status).toBe(403);
    const forCompute = await made('bob', { kinds: ['compute'] });
    expect((await send('GET', PATH, bearer(forCompute.token))).status).toBe(403);
  });

  test('beside other credentials is refused, whichever is right', async () => {
    const { token } = await made();
    const reply = await send('GET', '/compute/', { ...basic('alice'), 'x-auth-token': token });
    expect(reply.status).toBe(400);
  });

  test('that is wrong gets one answer, whatever is wrong with it', async () => {
    const { token, id } = await made();
    await send('DELETE', `${PATH}/${id}`, basic('alice'));
    const bodies = new Set<string>();
    for (const wrong of [token, `${token.slice(0, -2)}AA`, 'occi_x', `occi_${'A'.repeat(75)}`]) {
      const { status, headers, body } = await send('GET', '/compute/', bearer(wrong));
      expect([status, headers['www-authenticate']]).toEqual([
        401,
        'Basic realm="occi", charset="UTF-8", Bearer realm="occi"',
      ]);
      bodies.add(body);
    }
    expect(bodies.size).toBe(1);
  });

  test('can be revoked while it is in use: what comes later is refused', async () => {
    const { token, id } = await made('bob');
    let isRevoked = false;
    const outcomes: (readonly [boolean, number])[] = [];
    const use = async () => {
      for (let n = 0; n < 15; n++) {
        const asked = isRevoked;
        outcomes.push([asked, (await send('GET', '/compute/', bearer(token))).status]);
      }
    };
    const revoke = async () => {
      await send('GET', '/compute/', bearer(token));
      await send('DELETE', `${PATH}/${id}`, basic('bob'));
      isRevoked = true;
    };
    await Promise.all([use(), use(), revoke()]);
    expect((await send('GET', '/compute/', bearer(token))).status).toBe(401);
    expect(outcomes.filter(([after, status]) => after && status !== 401)).toEqual([]);
    expect(outcomes.some(([, status]) => status === 200)).toBe(true);
  });
});

describe('GET', () => {
  test('shows tokens and never their text, to their user only', async () => {
    await send('DELETE', `${PATH}?all=true`, basic('rita'));
    const first = await made('rita', { label: 'laptop', readOnly: true, kinds: ['compute', 'storage'] });
    const second = await made('rita', { days: 1 });
    const { status, body, headers } = await send('GET', PATH, basic('rita'));
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    const lines = body.split('\n');
    expect(lines.sort()).toEqual(
      [
        '',
        `${first.id}  expires ${first.expires}  reader of physics  reads only, only compute, storage  laptop`,
        `${second.id}  expires ${second.expires}  reader of physics`,
      ].sort(),
    );
    const { token, ...shown } = first;
    expect(await listed('rita')).toContainEqual(shown);
    expect(body + JSON.stringify(await listed('rita'))).not.toContain(token.slice(40));
    expect((await listed('alice')).map(({ id }) => id)).not.toContain(first.id);
    const head = await send('HEAD', PATH, basic('rita'));
    expect([head.status, head.body]).toEqual([200, '']);
  });

  test('says that there are none', async () => {
    await send('DELETE', `${PATH}?all=true`, basic('rita'));
    expect((await send('GET', `${PATH}/`, basic('rita'))).body).toBe('You have no tokens.\n');
  });

  test('needs credentials', async () => {
    for (const [method, path] of [
      ['GET', PATH],
      ['POST', PATH],
      ['OPTIONS', PATH],
      ['DELETE', `${PATH}/x`],
    ] as const) {
      expect((await send(method, path, {})).status).toBe(401);
    }
  });
});

describe('DELETE', () => {
  test('of one revokes it; of another user it is 404, as for one that never was', async () => {
    const { token, id } = await made('alice');
    const never = await send('DELETE', `${PATH}/${'A'.repeat(16)}`, basic('bob'));
    const others = await send('DELETE', `${PATH}/${id}`, basic('bob'));
    expect([others.status, others.body]).toEqual([404, never.body]);
    expect((await send('GET', '/compute/', bearer(token))).status).toBe(200);
    expect((await send('DELETE', `${PATH}/${id}`, basic('alice'))).status).toBe(204);
    expect((await send('GET', '/compute/', bearer(token))).status).toBe(401);
  });

  test('of all needs a word', async () => {
    const { token } = await made('bob');
    for (const query of ['', '?all=yes', '?all', '?everything=true']) {
      expect((await send('DELETE', PATH + query, basic('bob'))).status).toBe(400);
    }
    expect((await send('DELETE', `${PATH}?all=true`, basic('bob'))).status).toBe(204);
    expect((await send('GET', '/compute/', bearer(token))).status).toBe(401);
  });
});

test.each([
  ['PUT', PATH, 'DELETE, GET, HEAD, OPTIONS, POST'],
  ['GET', `${PATH}/x`, 'DELETE, OPTIONS'],
])('%s %s is 405 and names the methods, as OPTIONS does', async (method, path, allowed) => {
  const reply = await send(method, path, basic('alice'));
  expect([reply.status, reply.headers.allow]).toEqual([405, allowed]);
  const options = await send('OPTIONS', path, basic('alice'));
  expect([options.status, options.headers.allow]).toEqual([200, allowed]);
});

test('Concurrent POSTs never make more than a hundred', async () => {
  await send('DELETE', `${PATH}?all=true`, basic('bob'));
  const replies = await Promise.all(Array.from({ length: 130 }, () => send('POST', PATH, basic('bob'))));
  const made201 = replies.filter(({ status }) => status === 201);
  const refused = replies.filter(({ status }) => status === 409);
  expect([made201.length, refused.length]).toEqual([100, 30]);
  expect(await listed('bob')).toHaveLength(100);
});

describe('A token for kinds', () => {
  const TEXT = { 'content-type': 'text/plain' };
  const SCHEME = 'http://schemas.ogf.org/occi/infrastructure#';
  const compute = `Category: compute; scheme="${SCHEME}"; class="kind"`;
  const TAG = 'Category: t; scheme="http://example.org/tags#"; class="mixin"';
  const status = async (token: string, method: string, path: string, body?: string) =>
    (await send(method, path, { 'x-auth-token': token, ...TEXT }, body)).status;

  test('reads the query interface and changes nothing there', async () => {
    const { token } = await made('alice', { kinds: ['compute'] });
    expect(await status(token, 'GET', '/-/')).toBe(200);
    expect(await status(token, 'POST', '/-/', `${TAG}; location="/t/"`)).toBe(403);
    expect(await status(token, 'DELETE', '/-/', TAG)).toBe(403);
  });

  test('of an admin lists no tenants', async () => {
    const [scoped, whole] = [await made('root', { kinds: ['compute'] }), await made('root')];
    expect(await status(scoped.token, 'GET', '/.well-known/tenants')).toBe(403);
    expect(await status(whole.token, 'GET', '/.well-known/tenants')).toBe(200);
  });

  test('makes no inline links of other kinds', async () => {
    const network = `Category: network; scheme="${SCHEME}"; class="kind"`;
    const { headers } = await send('POST', '/network/', { ...basic('alice'), ...TEXT }, network);
    const link = `Link: <${new URL(headers.location!).pathname}>; rel="${SCHEME}network"; category="${SCHEME}networkinterface"`;
    const { token } = await made('alice', { kinds: ['compute'] });
    expect(await status(token, 'POST', '/compute/', `${compute}\n${link}`)).toBe(403);
    expect(await status(token, 'PUT', '/compute/scoped', compute)).toBe(201);
    expect(await status(token, 'POST', '/compute/scoped', link)).toBe(403);
    const both = await made('alice', { kinds: ['compute', 'networkinterface'] });
    expect(await status(both.token, 'POST', '/compute/scoped', link)).toBe(200);
    expect(await status(token, 'DELETE', '/compute/scoped')).toBe(200);
  });
});
