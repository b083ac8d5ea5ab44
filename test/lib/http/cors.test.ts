import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CorsSettings, crossOrigin } from '../../../lib/http/cors.ts';
import { toResult } from '../../../lib/http/result.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';

const ORIGIN = 'https://portal.example.org';
const VARY = 'Accept, Authorization, User-Agent, X-Auth-Token, Origin';
const OTHER = 'https://evil.example.org';
const SETTINGS: CorsSettings = {
  origins: [ORIGIN, 'http://localhost:8080'],
  credentials: false,
  headers: [],
  maxAge: 600,
};

const event = (method: string, headers: Record<string, string>) => ({ headers, requestContext: { http: { method } } });
const decide = (settings: Partial<CorsSettings>, method: string, headers: Record<string, string>) =>
  crossOrigin({ ...SETTINGS, ...settings })(event(method, headers));
const PREFLIGHT = { origin: ORIGIN, 'access-control-request-method': 'POST' };

describe('A preflight', () => {
  test('is answered with what a page may do', () => {
    const { preflight } = decide({}, 'OPTIONS', PREFLIGHT);
    expect(preflight).toEqual({
      statusCode: 204,
      headers: {
        'Access-Control-Allow-Origin': ORIGIN,
        'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
        'Access-Control-Allow-Headers': expect.stringMatching(
          /Authorization, Category, Content-Type.*X-OCCI-Attribute/,
        ),
        'Access-Control-Max-Age': '600',
        Vary: VARY,
      },
      body: '',
      isBase64Encoded: false,
    });
  });

  test('lets a page send what an authorizer reads, beside all that OCCI clients send', () => {
    const allowed = (headers: string[]) =>
      decide({ headers }, 'OPTIONS', PREFLIGHT).preflight!.headers['Access-Control-Allow-Headers'];
    expect(allowed(['X-Amz-Date', 'X-Api-Key'])).toBe(`${allowed([])}, X-Amz-Date, X-Api-Key`);
  });

  test('is answered with nothing to a page of another origin', () => {
    expect(decide({}, 'OPTIONS', { ...PREFLIGHT, origin: OTHER }).preflight).toMatchObject({
      statusCode: 204,
      headers: { Vary: VARY },
    });
  });

  test.each<[string, string, Record<string, string>]>([
    ['no method that is asked for', 'OPTIONS', { origin: ORIGIN }],
    ['no origin', 'OPTIONS', { 'access-control-request-method': 'POST' }],
    ['another method', 'GET', PREFLIGHT],
  ])('is not recognized with %s', (_, method, headers) => {
    expect(decide({}, method, headers).preflight).toBeUndefined();
  });
});

describe('The headers of an answer', () => {
  test.each<[Partial<CorsSettings>, string, Record<string, string>]>([
    [{}, ORIGIN, { 'Access-Control-Allow-Origin': ORIGIN, Vary: VARY }],
    [
      { credentials: true },
      ORIGIN,
      { 'Access-Control-Allow-Origin': ORIGIN, 'Access-Control-Allow-Credentials': 'true', Vary: VARY },
    ],
    [{ origins: '*' }, OTHER, { 'Access-Control-Allow-Origin': '*' }],
  ])('by %j for %s', (settings, origin, headers) => {
    expect(decide(settings, 'GET', { origin }).headers).toEqual({
      ...headers,
      'Access-Control-Expose-Headers': expect.stringContaining('X-OCCI-Location'),
    });
  });

  test.each([OTHER, `${ORIGIN}.evil.example.org`, `${ORIGIN}/`, ORIGIN.toUpperCase(), 'null', ''])(
    'let no page of %j in',
    (origin) => {
      expect(decide({}, 'GET', { origin }).headers).toEqual({ Vary: VARY });
    },
  );

  test('vary by origin also without an Origin header, for caches', () => {
    expect(decide({}, 'GET', {}).headers).toEqual({ Vary: VARY });
    expect(decide({ origins: '*' }, 'GET', {}).headers).toEqual({});
  });

  test('stand beside that of a packed answer', () => {
    const request = {
      method: 'GET',
      headers: { 'accept-encoding': ['gzip'] },
      path: '/',
      query: [],
      body: '',
      origin: 'http://x',
      requestId: 'r-1',
      answerHeaders: { Vary: VARY },
    };
    const { headers } = toResult({ status: 200, headers: {}, body: 'x'.repeat(7_000_000) }, request, 1000);
    expect(headers.Vary).toBe(`Accept-Encoding, ${VARY}`);
  });

  test.each([{}, { headers: null }, { headers: { origin: 5 } }, { headers: {}, requestContext: null }])(
    'are found for a malformed event: %j',
    (odd) => {
      expect(crossOrigin(SETTINGS)(odd)).toEqual({ headers: { Vary: VARY } });
    },
  );
});

describe('An endpoint for pages', () => {
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await startEndpoint({ settings: { cors: { origins: [ORIGIN] }, auth: [{ gateway: { from: 'jwt' } }] } });
  });
  afterAll(() => endpoint.stop());
  const send = (method: string, path: string, headers: Record<string, string>) =>
    endpoint.send(method, path, { headers });

  test('answers a preflight before authentication', async () => {
    const { status, headers, body } = await send('OPTIONS', '/compute/', PREFLIGHT);
    expect([status, headers['access-control-allow-origin'], body]).toEqual([204, ORIGIN, '']);
  });

  test('leaves any other OPTIONS to OCCI', async () => {
    expect((await send('OPTIONS', '/compute/', { origin: ORIGIN })).status).toBe(401);
  });

  test.each([
    ['/compute/', 401],
    ['/compute/?page=%', 400],
  ])('lets a page read refusals: %s', async (path, status) => {
    const reply = await send('GET', path, { origin: ORIGIN });
    expect(reply.status).toBe(status);
    expect(reply.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, vary: VARY });
    const exposed = reply.headers['access-control-expose-headers']!.split(', ');
    expect(exposed).toEqual(expect.arrayContaining(['X-Request-Id', 'WWW-Authenticate', 'X-OCCI-Error', 'Category']));
  });

  test('lets a page read answers, counted against the limit of headers', async () => {
    const open = await startEndpoint({
      settings: { cors: { origins: '*' }, limits: { responseHeaderBytes: 1024 } },
    });
    try {
      const { headers, status } = await open.send('GET', '/compute/', { headers: { origin: OTHER } });
      expect([status, headers['access-control-allow-origin'], headers.vary]).toEqual([
        200,
        '*',
        'Accept, Authorization, User-Agent, X-Auth-Token',
      ]);
      const occi = { origin: OTHER, accept: 'text/occi' };
      expect((await open.send('GET', '/-/', { headers: occi })).status).toBe(406);
    } finally {
      await open.stop();
    }
  });

  test('is off by default: no CORS header, and OPTIONS is OCCI’s', async () => {
    const closed = await startEndpoint();
    try {
      const { headers, status } = await closed.send('OPTIONS', '/compute/', { headers: PREFLIGHT });
      expect([status, headers.allow]).toEqual([200, 'GET, HEAD, POST, DELETE, OPTIONS']);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.vary).not.toContain('Origin');
    } finally {
      await closed.stop();
    }
  });
});
