/** What Prometheus finds at METRICS_PORT of `npm start`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ServerProcess, startServerProcess, urlOf } from '../server-process.ts';

const ARGUMENTS = ['--table', 'memory'];

/** The samples of an exposition: each line is `name{label="value",…} number` (Prometheus, text format 0.0.4). */
function samplesOf(text: string): ReadonlyMap<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, series, value] = /^([a-zA-Z_:][\w:]*(?:\{(?:\w+="(?:[^"\\]|\\.)*",?)*\})?) (\S+)$/.exec(line) ?? [line];
      expect([line, Number.isNaN(Number(value))]).toEqual([line, false]);
      return [series!, Number(value)];
    }),
  );
}

describe('With METRICS_PORT', () => {
  let server: ServerProcess;
  let [url, metrics] = ['', ''];
  beforeAll(async () => {
    server = startServerProcess(ARGUMENTS, { METRICS_PORT: '0' });
    url = await urlOf(server);
    while (!server.output.stdout.includes('/metrics\n')) await new Promise((resolve) => setTimeout(resolve, 10));
    metrics = /Metrics are at (\S+)/.exec(server.output.stdout)![1]!;
  });
  afterAll(async () => {
    server.child.kill();
    expect(await server.ended).toBe(0);
  });

  test('requests are counted by function, method and status, and nothing names who asked for what', async () => {
    const found = await fetch(`${url}/compute/`);
    const missing = await fetch(`${url}/compute/5f0c4d2e-0000-5a57-9f0b-0d2f4f1f8f0c`);
    const odd = await fetch(`${url}/network/`, { method: 'PROPFIND' });
    expect([found.status, missing.status, odd.status]).toEqual([200, 404, 405]);
    for (const answer of [found, missing, odd]) await answer.text();
    const text = await (await fetch(metrics)).text();
    const samples = samplesOf(text);
    const count = (name: string, method: string, status: number) =>
      samples.get(`occi_request_duration_seconds_count{function="${name}",method="${method}",status="${status}"}`);
    expect([count('compute', 'GET', 200), count('compute', 'GET', 404), count('network', 'other', 405)]).toEqual([
      1, 1, 1,
    ]);
    expect(samples.get('occi_requests_in_flight')).toBe(0);
    expect(text).not.toContain('5f0c4d2e');
  });

  test('each metric says its type once and what it is, before its samples', async () => {
    const answer = await fetch(metrics);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const text = await answer.text();
    const named = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name]) => name!);
    expect(new Set(named).size).toBe(named.length);
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'occi_request_duration_seconds',
    ]) {
      expect(text).toMatch(new RegExp(`^# HELP ${name} .+\\n# TYPE ${name} (counter|gauge|histogram)$`, 'm'));
    }
    const families = new Set(named);
    for (const series of samplesOf(text).keys()) {
      const name = series.replace(/\{.*/, '');
      expect([name, families.has(name) || families.has(name.replace(/_(bucket|sum|count)$/, ''))]).toEqual([
        name,
        true,
      ]);
    }
  });

  test('the endpoint itself has no such page, and the port of metrics nothing else', async () => {
    expect(await (await fetch(`${url}/metrics`)).text()).not.toContain('process_cpu_seconds_total');
    const { origin } = new URL(metrics);
    expect((await fetch(`${origin}/compute/`)).status).toBe(404);
    expect((await fetch(metrics, { method: 'POST' })).status).toBe(405);
  });
});

test('Without METRICS_PORT there are none', async () => {
  const server = startServerProcess(ARGUMENTS, {});
  await urlOf(server);
  expect(server.output.stdout).not.toContain('Metrics');
  server.child.kill();
  await server.ended;
});

test('A METRICS_PORT that is taken, or is no port, ends the start with one line', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  for (const [env, line] of [
    [{ METRICS_PORT: String(port) }, /^serverless-occi: port \d+ of 127\.0\.0\.1 is taken: .* with METRICS_PORT=…\n$/],
    [{ METRICS_PORT: 'x' }, /^serverless-occi: METRICS_PORT "x" is not a port: [^\n]+\n$/],
    [{ METRICS_HOST: '127.0.0.1' }, /^serverless-occi: METRICS_HOST needs METRICS_PORT\n$/],
  ] as const) {
    const server = startServerProcess(ARGUMENTS, env);
    expect(await server.ended).toBe(1);
    expect(server.output.stderr).toMatch(line);
  }
  other.close();
});

test('A request that comes while the server starts is answered once it has', async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const server = startServerProcess(ARGUMENTS, { PORT: String(port), METRICS_PORT: '0' });
  const ask = async (): Promise<number> => {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/compute/`).catch((error: Error) => error);
      if (answer instanceof Response) return answer.status;
      const { code } = answer.cause as NodeJS.ErrnoException;
      if (code !== 'ECONNREFUSED') throw answer;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  expect(await ask()).toBe(200);
  server.child.kill();
  expect(await server.ended).toBe(0);
});
