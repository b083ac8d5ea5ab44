/** What a call becomes when the answer is not one: of a proxy, cut off, too large, late, or a redirect. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { callsOf, type NativeCall } from '../../../../adapters/openstack/api/calls.ts';
import { translateErrors } from '../../../../adapters/openstack/api/errors.ts';
import { path } from '../../../../adapters/openstack/api/path.ts';
import type { NativeCallReport } from '../../../../lib/adapter/contract.ts';
import { exchanges } from '../../../../lib/adapter/http-exchange.ts';
import type { OcciError } from '../../../../lib/errors.ts';

type Answer = (response: ServerResponse) => void;

const JSON_TYPE = { 'content-type': 'application/json' };
const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
const page =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(`<html><h1>${status}</h1></html>`);

let server: Server;
let base: string;
/** What each call is answered; the last one again and again. */
let script: Answer[];
let seen: string[];
let reports: NativeCallReport[];

beforeEach(async () => {
  seen = [];
  reports = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => (script.length > 1 ? script.shift()! : script[0]!)(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const exchange = exchanges({ answerBytes: 10_000 });

/** The failure of a call, and how often it was sent. */
async function failureOf(answers: Answer[], more: Partial<NativeCall<unknown>> & { milliseconds?: number } = {}) {
  script = answers;
  const { milliseconds = 20_000, ...call } = more;
  const calls = callsOf(exchange, {
    deadline: Date.now() + milliseconds + 300,
    timeoutSeconds: 20,
    onNativeCall: (report) => reports.push(report),
  });
  const shape = z.object({ server: z.object({ id: z.string() }) });
  const made = calls({ service: 'compute', method: 'GET', base, path: path`servers/${'an id'}`, shape, ...call });
  const error = await translateErrors('compute', () => made).then(
    ({ value }) => value,
    (thrown: OcciError) => thrown,
  );
  const { failure, message, unknownOutcome, headers } = error as OcciError;
  return { failure, message, unknownOutcome, retryAfter: headers?.['Retry-After'], calls: seen.length };
}

const CREATE = { method: 'POST', body: { server: {} } } as const;

describe('A page of a proxy', () => {
  test.each([502, 503])('with %d is tried again for a read, and then 503', async (status) => {
    expect(await failureOf([page(status)])).toMatchObject({ failure: 'unavailable', retryAfter: '5', calls: 3 });
  });

  test('is forgotten when the next attempt has an answer', async () => {
    script = [page(502), answering(200, { server: { id: 'x' } })];
    expect((await failureOf(script)).failure).toBeUndefined();
    expect(reports.map(({ outcome, failed }) => [outcome, failed])).toEqual([
      ['refused 502', 'broken'],
      ['ok', undefined],
    ]);
  });

  test.each([502, 503, 504])('with %d leaves open what a create has done, which is sent once', async (status) => {
    expect(await failureOf([page(status)], CREATE)).toMatchObject({ unknownOutcome: true, calls: 1 });
  });

  test.each([404, 409, 400])('with %d says nothing of the machine', async (status) => {
    expect((await failureOf([page(status)])).failure).toBe('unavailable');
    expect((await failureOf([page(status)], { method: 'DELETE', shape: z.undefined() })).unknownOutcome).toBe(true);
  });

  test('with 200 is no answer, also where none is expected', async () => {
    expect(await failureOf([page(200)])).toMatchObject({ failure: 'unavailable', retryAfter: '5' });
    expect(await failureOf([page(200)], { method: 'DELETE', shape: z.undefined() })).toMatchObject({
      failure: 'unavailable',
      unknownOutcome: true,
    });
  });
});

describe('An answer of the service', () => {
  test('with 404 is about the machine', async () => {
    const gone = answering(404, { itemNotFound: { code: 404, message: 'Instance an id could not be found.' } });
    expect(await failureOf([gone])).toMatchObject({ failure: 'notFound', unknownOutcome: false, calls: 1 });
  });

  test('with 500 leaves open what was done', async () => {
    const broken = answering(500, { computeFault: { code: 500, message: 'Unexpected API Error.' } });
    expect(await failureOf([broken], CREATE)).toMatchObject({ failure: 'unavailable', unknownOutcome: true, calls: 1 });
    expect((await failureOf([broken])).unknownOutcome).toBe(false);
  });

  test.each([
    ['is not JSON to its end', (response: ServerResponse) => response.writeHead(200, JSON_TYPE).end('{"server":')],
    ['has another shape', answering(200, { server: { name: 'x' } })],
    ['is null', answering(200, null)],
    ['is empty', (response: ServerResponse) => response.writeHead(200).end()],
  ])('that %s is 503', async (_, answer) => {
    expect(await failureOf([answer as Answer])).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
    expect((await failureOf([answer as Answer], CREATE)).unknownOutcome).toBe(true);
  });

  test('that is a redirect is not followed', async () => {
    expect(await failureOf([page(302, { location: `${base}elsewhere` })])).toMatchObject({ failure: 'unavailable' });
    expect(seen).toEqual(['GET /servers/an%20id']);
  });

  test('that is too large is 503, and was asked for once', async () => {
    const large = answering(200, { server: { id: 'x'.repeat(20_000) } });
    expect(await failureOf([large])).toMatchObject({ failure: 'unavailable', calls: 1 });
  });

  test('that is cut off is asked for again by a read, and leaves a create open', async () => {
    const cut: Answer = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"server"', () => response.destroy());
    };
    expect(await failureOf([cut, answering(200, { server: { id: 'x' } })])).toMatchObject({ calls: 2 });
    expect(await failureOf([cut], CREATE)).toMatchObject({ failure: 'unavailable', unknownOutcome: true, calls: 3 });
  });

  test('that does not come is 504 at the deadline', async () => {
    expect(await failureOf([() => {}], { milliseconds: 400 })).toMatchObject({ failure: 'timedOut', calls: 1 });
    expect((await failureOf([() => {}], { ...CREATE, milliseconds: 400 })).unknownOutcome).toBe(true);
  });

  test('that does not come is 504 at the end of the call, where that is earlier', async () => {
    expect(await failureOf([() => {}], { end: Date.now() + 100 })).toMatchObject({ failure: 'timedOut' });
  });
});

describe('A service that puts calls off', () => {
  const limited = (status: number, retryAfter?: string) =>
    answering(
      status,
      { overLimit: { code: status, message: 'This request was rate-limited.' } },
      retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    );

  test.each([429, 413])('by %d with Retry-After is 503 with the same', async (status) => {
    expect(await failureOf([limited(status, '17')])).toMatchObject({
      failure: 'unavailable',
      retryAfter: '17',
      calls: 1,
    });
  });

  test('by a date is understood', async () => {
    const { retryAfter } = await failureOf([limited(429, new Date(Date.now() + 60_000).toUTCString())]);
    expect(Number(retryAfter)).toBeGreaterThan(50);
    expect(Number(retryAfter)).toBeLessThanOrEqual(60);
  });

  test('is counted as throttling', async () => {
    await failureOf([limited(429)]);
    expect(reports.map(({ failed }) => failed)).toEqual(['throttled']);
  });
});

test('A connection that is refused was not used, and is tried again also for a create', async () => {
  server.close();
  await once(server, 'close');
  expect(await failureOf([page(200)], CREATE)).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
  expect(reports.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
});

test('A connection that the service has closed in the meantime is replaced', async () => {
  script = [answering(200, { server: { id: 'x' } })];
  expect((await failureOf(script)).failure).toBeUndefined();
  server.closeAllConnections();
  for (const more of [{}, CREATE]) expect((await failureOf(script, more)).failure).toBeUndefined();
});

test('No secret is in an error or a report', async () => {
  const secrets = { adminPass: 'secret-adminpass', catalog: ['secret-catalogue'], server: { id: 7 } };
  const headers = { 'x-auth-token': 'secret-token' };
  const errors: unknown[] = [];
  for (const answer of [
    answering(200, secrets),
    answering(400, { badRequest: { code: 400, message: 'no secret-message' } }),
    page(502),
    (response: ServerResponse) => response.writeHead(200).end('secret-garbage'),
    (response: ServerResponse) => response.destroy(),
  ]) {
    script = [answer];
    const calls = callsOf(exchange, {
      deadline: Date.now() + 20_000,
      timeoutSeconds: 20,
      onNativeCall: (report) => reports.push(report),
    });
    const body = { auth: { password: 'secret-password' } };
    const shape = z.object({ server: z.object({ id: z.string() }) });
    const call = {
      service: 'compute',
      method: 'POST',
      base,
      path: path`servers/${'secret-id'}`,
      shape,
      headers,
      body,
    } as const;
    const error = await translateErrors('compute', () => calls(call)).catch((thrown: unknown) => thrown);
    for (let one = error as Error | undefined; one; one = one.cause as Error | undefined)
      errors.push([one.message, one.stack, String(one), { ...one }]);
  }
  expect(errors.length).toBeGreaterThan(5);
  expect(JSON.stringify([errors, reports])).not.toMatch(/secret/);
  expect(new Set(reports.map(({ call }) => call))).toEqual(new Set(['compute POST servers/{}']));
});
