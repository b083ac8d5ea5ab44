import { describe, expect, test } from '@jest/globals';
import { type EventSettings, toRequest } from '../../../lib/http/event.ts';

const SETTINGS: EventSettings = { trustProxy: false, local: false, limits: { bodyBytes: 1024 } };
const event = (more: Record<string, unknown> = {}) => ({
  rawPath: '/',
  rawQueryString: '',
  headers: {},
  requestContext: { requestId: 'r-1', domainName: 'occi.example.org', http: { method: 'GET' } },
  ...more,
});
const request = (more: Record<string, unknown> = {}, settings: Partial<EventSettings> = {}) =>
  toRequest(event(more), { ...SETTINGS, ...settings });

describe('The path', () => {
  test.each([
    ['/compute/', '/compute/'],
    ['//compute///x', '/compute/x'],
    ['//compute/', '/compute/'],
    ['/a b', '/a b'],
    ['/compute//', '/compute//'],
    ['//compute/x///', '/compute/x///'],
    ['//', '//'],
    ['/'.repeat(10_000), '/'.repeat(10_000)],
  ])('%.20j is %.20j: repeated slashes are one, but what ends in several is no collection', (rawPath, path) => {
    for (const method of ['GET', 'DELETE']) {
      const requestContext = { ...event().requestContext, http: { method } };
      expect(request({ rawPath, requestContext }).path).toBe(path);
    }
  });
});

describe('The query', () => {
  test.each<[string, [string, string][]]>([
    ['', []],
    [
      'page=1&number=2',
      [
        ['page', '1'],
        ['number', '2'],
      ],
    ],
    [
      'page=1;number=2',
      [
        ['page', '1'],
        ['number', '2'],
      ],
    ],
    ['action=start', [['action', 'start']]],
    ['action', [['action', '']]],
    ['a=b=c', [['a', 'b=c']]],
    ['a=%26%3B%3D+x', [['a', '&;= x']]],
    ['&&;', []],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['__proto__=x', [['__proto__', 'x']]],
  ])('%j (HTTP-12)', (rawQueryString, query) => {
    expect(request({ rawQueryString }).query).toEqual(query);
  });

  test('is without what an authorizer of the gateway reads there: it may be a secret, and is not for us', () => {
    const settings = { authorizerParameters: ['token', 'tenant'] };
    const query = (rawQueryString: string) => request({ rawQueryString }, settings).query;
    expect(query('token=s&action=stop&Token=x')).toEqual([
      ['action', 'stop'],
      ['Token', 'x'],
    ]);
    expect(query('%74oken=s;tenant=a&tenant=b')).toEqual([]);
  });

  test.each(['%', 'a=%zz', '%c3%28'])('%j is refused', (rawQueryString) => {
    expect(() => request({ rawQueryString })).toThrow(expect.objectContaining({ failure: 'invalid' }));
  });
});

describe('Headers', () => {
  test('are found by name, and names of Object.prototype are not headers', () => {
    const { headers } = request({ headers: { accept: 'text/plain', 'x-occi-attribute': 'a="b,c", d=1' } });
    expect(headers.accept).toEqual(['text/plain']);
    expect(headers['x-occi-attribute']).toEqual(['a="b,c", d=1']);
    expect(headers.constructor).toBeUndefined();
    expect(headers.toString).toBeUndefined();
  });

  test('that were not UTF-8 are refused by name', () => {
    expect(() => request({ headers: { category: 'a\uFFFD' } })).toThrow(/category/);
  });
});

describe('The body', () => {
  test('is text, or text in base64', () => {
    expect(request({ body: 'naïve' }).body).toBe('naïve');
    expect(request({ body: Buffer.from('naïve').toString('base64'), isBase64Encoded: true }).body).toBe('naïve');
    expect(request({}).body).toBe('');
  });

  test('that is not UTF-8 is refused', () => {
    const body = Buffer.from([0xff, 0xfe]).toString('base64');
    expect(() => request({ body, isBase64Encoded: true })).toThrow(expect.objectContaining({ failure: 'invalid' }));
  });

  test('is measured in bytes, encoded or not', () => {
    const fits = 'é'.repeat(512);
    expect(request({ body: fits }).body).toBe(fits);
    for (const body of [`${fits}x`, '€'.repeat(342), 'x'.repeat(1025)]) {
      expect(() => request({ body })).toThrow(expect.objectContaining({ failure: 'tooLarge' }));
      expect(() => request({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true })).toThrow(
        expect.objectContaining({ failure: 'tooLarge' }),
      );
    }
  });
});

describe('The origin of absolute URLs (ADR-12)', () => {
  const forwarded = { 'x-forwarded-host': 'cloud.example.org', 'x-forwarded-proto': 'https' };
  test('is https and the domain of the gateway, http under npm start', () => {
    expect(request().origin).toBe('https://occi.example.org');
    expect(request({}, { local: true }).origin).toBe('http://occi.example.org');
  });

  test('is publicUrl where that is set', () => {
    expect(
      request({ headers: forwarded }, { publicUrl: 'https://public.example.org/occi', trustProxy: true }).origin,
    ).toBe('https://public.example.org/occi');
  });

  test('is what a proxy forwards only if it is trusted, and only if it is a host', () => {
    expect(request({ headers: forwarded }).origin).toBe('https://occi.example.org');
    expect(request({ headers: forwarded }, { trustProxy: true }).origin).toBe('https://cloud.example.org');
    const bad = { ...forwarded, 'x-forwarded-host': 'evil"><x' };
    expect(request({ headers: bad }, { trustProxy: true }).origin).toBe('https://occi.example.org');
    const odd = { ...forwarded, 'x-forwarded-proto': 'javascript' };
    expect(request({ headers: odd }, { trustProxy: true }).origin).toBe('https://cloud.example.org');
    const several = { 'x-forwarded-host': 'a.example.org, b.example.org', 'x-forwarded-proto': 'http, https' };
    expect(request({ headers: several }, { trustProxy: true }).origin).toBe('http://a.example.org');
  });
});

test.each([
  undefined,
  null,
  {},
  [],
  'x',
  { rawPath: 1 },
  { ...event(), requestContext: {} },
  ...[null, 'x', { a: 1 }, { a: ['x'] }, { a: undefined }].map((headers) => event({ headers })),
])('what no gateway sends is an error: %j', (odd) => {
  expect(() => toRequest(odd, SETTINGS)).toThrow();
});

test('an event without headers has none', () => {
  const { headers: _, ...bare } = event();
  expect(toRequest(bare, SETTINGS).headers).toEqual({});
});
