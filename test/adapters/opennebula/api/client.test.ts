import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type CallReport, connectSite, OneRefusal, oneClient } from '../../../../adapters/opennebula/api/client.ts';
import { settings } from '../../../../adapters/opennebula/config.ts';
import * as native from '../../../../adapters/opennebula/native/index.ts';
import { OcciError } from '../../../../lib/errors.ts';
import { listen, type Oned, oned, tuple } from '../oned.ts';
import { recording } from '../recordings.ts';

const SESSION = 'alice:s3cret-password';

let running: Oned | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const start = async (answer: Parameters<typeof oned>[0]): Promise<Oned> => {
  running = await oned(answer);
  return running;
};

const clientOf = (endpoint: string, more: Record<string, unknown> = {}, time = 5000) => {
  const reports: CallReport[] = [];
  const site = connectSite(settings.parse({ endpoint, ...more }));
  const context = () => ({
    session: SESSION,
    deadline: Date.now() + time,
    onCall: (report: CallReport) => reports.push(report),
  });
  return { client: oneClient(site, context()), another: () => oneClient(site, context()), reports };
};

/** The messages of an error and all its causes. */
const saidBy = (error: unknown): string => {
  const parts: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) {
    const fields = Object.values(one).map((value) =>
      Buffer.isBuffer(value) ? value.toString() : JSON.stringify(value),
    );
    parts.push(`${one.name} ${one.message} ${one.stack} ${fields}`);
  }
  return parts.join('\n');
};

const failureOf = async (promise: Promise<unknown>): Promise<OcciError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OcciError);
  const failure = error as OcciError;
  expect(failure.message).toMatch(/^[A-Z].*\.$/);
  expect(failure.headers['Retry-After']).toMatch(/^\d+$/);
  expect(saidBy(failure)).not.toMatch(/s3cret|TOP-SECRET/);
  return failure;
};

describe('A call', () => {
  test('puts the session before its parameters and gives the checked value', async () => {
    const { endpoint, bodies } = await start((_number, _request, response) => {
      response.end(recording('one.vm.info--state-3-3-running-web-1').response.body);
    });
    const { client, reports } = clientOf(endpoint);
    const vm = await client.call('one.vm.info', [0], native.vm, { repeatable: true });
    expect(vm).toMatchObject({ ID: 0, NAME: 'web-1', STATE: 3 });
    expect(bodies[0]).toContain(`<methodName>one.vm.info</methodName><params><param><value><string>${SESSION}<`);
    expect(reports).toEqual([{ call: 'one.vm.info', milliseconds: expect.any(Number), outcome: 'ok' }]);
  });

  test('gives numbers, texts and truth values as they are', async () => {
    const values = [42, '6.10.0.1', true];
    const { endpoint } = await start((number, _request, response) => {
      response.end(tuple(true, values[number]!, 0));
    });
    const { client } = clientOf(endpoint);
    expect(await client.call('one.vm.action', ['resume', 42], z.int())).toBe(42);
    expect(await client.call('one.system.version', [], z.string())).toBe('6.10.0.1');
    expect(await client.call('x', [], z.boolean())).toBe(true);
  });

  test('that oned refuses throws what oned said, and tells its code only', async () => {
    const { endpoint } = await start((_number, _request, response) => {
      response.end(recording('one.vm.info--no-such').response.body);
    });
    const { client, reports } = clientOf(endpoint);
    await expect(client.call('one.vm.info', [123456], native.vm)).rejects.toMatchObject({
      name: 'OneRefusal',
      code: 1024,
      objectId: 123456,
    });
    expect(reports[0]!.outcome).toBe('refused 1024');
  });

  test('has neither parameters nor credentials in its report', async () => {
    const { endpoint } = await start((_number, _request, response) => {
      response.end(tuple(true, 1, 0));
    });
    const { client, reports } = clientOf(endpoint);
    await client.call('one.vm.rename', [1, 'TOP-SECRET'], z.int());
    expect(JSON.stringify(reports)).not.toMatch(/secret/i);
  });
});

describe('Several calls in one', () => {
  const entry = (...items: readonly (string | number | boolean)[]) =>
    /<value><array>.*<\/array><\/value>/s.exec(tuple(...items))![0];

  test('give values and refusals in place, over one connection', async () => {
    const { endpoint, bodies } = await start((_number, _request, response) => {
      const list = [entry(true, 1, 0), entry(false, '[one.vm.info] no', 1024, 9, -1)].map(
        (one) => `<value><array><data>${one}</data></array></value>`,
      );
      const all = `<value><array><data>${list.join('')}</data></array></value>`;
      response.end(`<methodResponse><params><param>${all}</param></params></methodResponse>`);
    });
    const { client, reports } = clientOf(endpoint);
    const [first, second] = await client.multicall([
      { method: 'one.vm.rename', params: [1, 'x'], shape: z.int() },
      { method: 'one.vm.info', params: [9], shape: native.vm },
    ]);
    expect(first).toBe(1);
    expect(second).toBeInstanceOf(OneRefusal);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]!.match(new RegExp(SESSION, 'g'))).toHaveLength(2);
    expect(reports.map(({ call }) => call)).toEqual(['system.multicall']);
  });

  test('make no request if the list is empty', async () => {
    expect(await clientOf('http://127.0.0.1:9/').client.multicall([])).toEqual([]);
  });
});

describe('On a bad day', () => {
  const whole = recording('one.vm.info--only-id').response.body;

  test.each<[string, string]>([
    ['HTML', '<html><body>TOP-SECRET</body></html>'],
    ['malformed XML', whole.replace('&lt;/NAME&gt;', 'TOP-SECRET&lt;/NOME&gt;')],
    ['an answer of another shape', tuple(true, '<VM><ID>TOP-SECRET</ID></VM>', 0)],
    ['a DTD', tuple(true, '<!DOCTYPE VM [<!ENTITY e "TOP-SECRET">]><VM>&e;</VM>', 0)],
    ['an answer that ends early', whole.slice(0, 700)],
    ['nothing', ''],
  ])('%s is unavailable, and none of its content is shown', async (_name, body) => {
    const { endpoint, bodies } = await start((_number, _request, response) => {
      response.end(body);
    });
    const { client } = clientOf(endpoint);
    const failure = await failureOf(client.call('one.vm.info', [2], native.vm, { repeatable: true }));
    expect(failure.failure).toBe('unavailable');
    expect(failure.unknownOutcome).toBe(false);
    expect(bodies).toHaveLength(1);
  });

  test.each([302, 401, 404, 500, 502, 503])('the status %d is unavailable, with its body unread', async (status) => {
    const { endpoint } = await start((_number, _request, response) => {
      response.statusCode = status;
      response.setHeader('location', 'http://127.0.0.1:9/TOP-SECRET');
      response.end('TOP-SECRET');
    });
    const failure = await failureOf(clientOf(endpoint).client.call('one.vm.rename', [1, 'x'], z.int()));
    expect(failure.failure).toBe('unavailable');
    expect(failure.unknownOutcome).toBe(true);
  });

  test('an answer above the limit is left at the limit', async () => {
    let written = 0;
    const { endpoint } = await start((_number, _request, response) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        while (!response.destroyed && written < 200 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const { client } = clientOf(endpoint, { answerBytes: 1_048_576 });
    expect((await failureOf(client.call('one.vm.info', [2], native.vm))).failure).toBe('unavailable');
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  test('an answer that does not come is timedOut at the deadline', async () => {
    const { endpoint } = await start((_number, _request, response) => {
      response.write('<?xml version="1.0"?>');
    });
    const started = Date.now();
    const failure = await failureOf(clientOf(endpoint, {}, 700).client.call('one.vm.action', ['stop', 1], z.int()));
    expect(failure).toMatchObject({ failure: 'timedOut', status: 504, unknownOutcome: true });
    expect(Date.now() - started).toBeLessThan(700);
  });

  test('one call gets no more than its own time', async () => {
    const { endpoint } = await start(() => {});
    const started = Date.now();
    const { client } = clientOf(endpoint, { timeout: 1 }, 20_000);
    const failure = await failureOf(client.call('one.vm.info', [1], native.vm, { repeatable: true }));
    expect(failure).toMatchObject({ failure: 'timedOut', unknownOutcome: false });
    expect(Date.now() - started).toBeLessThan(2500);
  });

  test('a deadline that has passed makes no call', async () => {
    const { endpoint, bodies } = await start(() => {});
    const failure = await failureOf(clientOf(endpoint, {}, -1).client.call('one.vm.action', ['stop', 1], z.int()));
    expect(failure).toMatchObject({ failure: 'timedOut', unknownOutcome: false });
    expect(bodies).toHaveLength(0);
  });

  test('a site that is down is unavailable, for any call after some tries, and nothing has been done', async () => {
    const { endpoint, stop } = await start(() => {});
    await stop();
    const { client, reports } = clientOf(endpoint);
    const failure = await failureOf(client.call('one.vm.action', ['stop', 1], z.int()));
    expect(failure).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
    expect(reports.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
  });

  test('a connection that breaks is tried again, where that is safe', async () => {
    const { endpoint, bodies } = await start((number, _request, response) => {
      if (number < 2) response.destroy();
      else response.end(tuple(true, '6.10.0.1', 0));
    });
    const { client, reports } = clientOf(endpoint);
    expect(await client.call('one.system.version', [], z.string(), { repeatable: true })).toBe('6.10.0.1');
    expect(bodies).toHaveLength(3);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'ok']);
  });

  test('a connection that breaks always is given up', async () => {
    const { endpoint, bodies } = await start((_number, _request, response) => {
      response.setHeader('content-length', 5000);
      response.write('<?xml version="1.0"?>', () => response.destroy());
    });
    const failure = await failureOf(clientOf(endpoint).client.call('x', [], z.string(), { repeatable: true }));
    expect(failure.failure).toBe('unavailable');
    expect(bodies).toHaveLength(3);
  });

  test('a change whose answer is lost is not sent twice: its outcome is unknown', async () => {
    const { endpoint, bodies } = await start((_number, _request, response) => {
      response.destroy();
    });
    const failure = await failureOf(clientOf(endpoint).client.call('one.vm.allocate', ['<T/>'], z.int()));
    expect(failure).toMatchObject({ failure: 'unavailable', unknownOutcome: true });
    expect(bodies).toHaveLength(1);
  });

  test('something that does not speak HTTP is unavailable', async () => {
    const server = createServer((socket) => socket.resume().end('220 TOP-SECRET smtp\r\n'));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { client } = clientOf(`http://127.0.0.1:${port}/`);
    expect((await failureOf(client.call('x', [], z.string()))).failure).toBe('unavailable');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('Calls at the same time', () => {
  const slow: Parameters<typeof oned>[0] = async (_number, _request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    response.end(tuple(true, 1, 0));
  };

  test('are two of a request at most', async () => {
    const { endpoint, most } = await start(slow);
    const { client } = clientOf(endpoint);
    await Promise.all(Array.from({ length: 8 }, () => client.call('x', [], z.int())));
    expect(most()).toBe(2);
  });

  test('are twelve of a process at most, whatever many ask', async () => {
    const { endpoint, most } = await start(slow);
    const { another } = clientOf(endpoint);
    const requests = Array.from({ length: 20 }, another);
    await Promise.all(requests.flatMap((client) => [1, 2, 3].map(() => client.call('x', [], z.int()))));
    expect(most()).toBeLessThanOrEqual(12);
    expect(most()).toBeGreaterThan(8);
  });

  test('that find no room in time are unavailable, and nothing has been done', async () => {
    const { endpoint } = await start(() => {});
    const { client, another } = clientOf(endpoint, { inFlight: { request: 1, process: 1 } }, 800);
    // Who waits has the earlier deadline: with a later one it would still get the room that the first leaves at its
    // own.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const first = another()
      .call('x', [], z.int())
      .catch((error: OcciError) => error.failure);
    const failure = await failureOf(client.call('one.vm.action', ['stop', 1], z.int()));
    expect(failure.unknownOutcome).toBe(false);
    expect(['unavailable', 'timedOut']).toContain(failure.failure);
    expect(await first).toBe('timedOut');
  });
});

describe('Over https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  let made = true;
  try {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ];
    execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  } catch {
    made = false;
  }
  const pem = made ? readFileSync(cert, 'utf8') : '';
  const pair = made ? { key: readFileSync(key), cert: pem } : {};
  rmSync(folder, { recursive: true, force: true });
  // Node cannot make certificates, so these tests need openssl.
  const withOpenssl = made ? test : test.skip;

  withOpenssl('an authority of one’s own is trusted by a setting, and only then', async () => {
    const server = createTlsServer(pair, (_request, response) => {
      response.setHeader('connection', 'close');
      response.end(tuple(true, '6.10.0.1', 0));
    });
    const endpoint = `https://127.0.0.1:${await listen(server)}/RPC2`;
    try {
      const trusting = clientOf(endpoint, { ca: pem }).client;
      expect(await trusting.call('one.system.version', [], z.string())).toBe('6.10.0.1');
      const { client, reports } = clientOf(endpoint);
      const failure = await failureOf(client.call('one.vm.action', ['stop', 1], z.int()));
      expect(failure).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
      expect(reports.map(({ outcome }) => outcome)).toEqual(['tls']);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('a server without TLS is unavailable', async () => {
    const { endpoint } = await start((_number, _request, response) => {
      response.end('TOP-SECRET');
    });
    const { client } = clientOf(endpoint.replace('http:', 'https:'));
    expect((await failureOf(client.call('x', [], z.string()))).unknownOutcome).toBe(false);
  });
});

test('a document is one also with a declaration and blanks around it', async () => {
  const { endpoint } = await start(
    (_number, _request, response) =>
      void response.end(tuple(true, '\n<?xml version="1.0"?>\n<X><NAME> a </NAME></X>\n', 0)),
  );
  const { client } = clientOf(endpoint);
  expect(await client.call('x', [], z.unknown())).toEqual({ X: { NAME: ' a ' } });
});
