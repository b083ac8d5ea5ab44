/** The runbook agrees with the template, with the log and metrics of the service, and with the cost of requests. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FUNCTIONS } from '../../build.mjs';
import { alarms } from '../../deploy/resources/alarms.ts';
import { dashboard } from '../../deploy/resources/dashboard.ts';
import type { Json } from '../deploy/packaging.ts';
import { type Endpoint, startEndpoint } from '../endpoint.ts';
import { type OpenNebula, startOpenNebula } from '../oned/index.ts';
import { namesIn, read, rowsOf, sectionOf } from './markdown.ts';

const page = read('docs/operations.md');
const STACK: Json = {
  prefix: 'p',
  parameters: { alarms: true, dashboard: true, alarmLatency: 10_000 },
  functions: (FUNCTIONS as string[]).map((name) => ({ functionName: name })),
  table: { name: 't' },
};

interface Alarm {
  readonly AlarmName: string;
  readonly Threshold: number;
  readonly DatapointsToAlarm: number;
  readonly EvaluationPeriods: number;
  readonly Metrics?: readonly { readonly MetricStat?: object }[];
}
const ALARMS = Object.values(alarms(STACK).resources as Readonly<Record<string, Json>>).map(
  ({ Properties }): Alarm => Properties,
);

describe('the alarms', () => {
  const rows = new Map(
    rowsOf(sectionOf(page, '## Alarms')).map(([name, ...cells]) => [name!.replaceAll('`', ''), cells]),
  );

  test('are exactly those of the template', () => {
    expect([...rows.keys()].sort()).toEqual(ALARMS.map(({ AlarmName }) => AlarmName.replace('p-', '')).sort());
  });

  test.each(ALARMS.map((alarm) => [alarm.AlarmName.replace('p-', ''), alarm] as const))(
    '%s has its threshold, its meaning and a remedy',
    (name, { Threshold, DatapointsToAlarm, EvaluationPeriods }) => {
      const [when, meaning, remedy] = rows.get(name)!;
      const over = name === 'latency' ? '`alarmLatency`' : Threshold;
      expect(when).toMatch(new RegExp(`> ${over}\\b|> ${over},`));
      expect(when).toContain(`${DatapointsToAlarm} of ${EvaluationPeriods}`);
      expect(meaning!.length * remedy!.length).toBeGreaterThan(0);
    },
  );

  test('cost what the page says', () => {
    const watched = ALARMS.map(({ Metrics }) => Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1);
    const sum = watched.reduce((one, other) => one + other, 0);
    expect(page.replace(/\s+/g, ' ')).toContain(`${sum} metrics in ${ALARMS.length} alarms $${(sum * 0.1).toFixed(2)}`);
  });
});

test('every widget of the dashboard is explained, in its order', () => {
  const body = (dashboard(STACK).resources as Json).Dashboard.Properties.DashboardBody['Fn::Join'][1] as unknown[];
  const titles = [
    ...body
      .filter((part) => typeof part === 'string')
      .join('')
      .matchAll(/"title":"([^"]+)"/g),
  ];
  expect(rowsOf(sectionOf(page, '## Dashboard')).map(([title]) => title)).toEqual(titles.map(([, title]) => title));
});

test('every field of the log is explained', () => {
  const source = read('lib/request/request-log.ts');
  const [record] = /interface RequestRecord \{[^}]+/.exec(source)!;
  const fields = [...record.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name!);
  expect(fields.length).toBeGreaterThan(8);
  expect([...namesIn(sectionOf(page, '## Logs'))].sort()).toEqual(
    ['method', 'path', 'status', 'milliseconds', ...fields].sort(),
  );
});

test('every field of the audit is explained', () => {
  const [line] = /interface AuditLine [^}]+/.exec(read('lib/request/audit.ts'))!;
  const [source] = /interface Source [^}]+/.exec(read('lib/request/source-address.ts'))!;
  const fields = [...`${line}${source}`.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name!);
  expect(fields.length).toBeGreaterThan(10);
  expect([...namesIn(sectionOf(page, '## Audit'))].sort()).toEqual([...fields].sort());
});

test('every metric is explained and included in the cost', () => {
  const source = read('lib/request/metrics.ts');
  const names = [
    ...source.matchAll(/^ {2}(\w+): \(\{/gm),
    ...source.matchAll(/count\('(\w+)'\)/g),
    ...source.matchAll(/addMetric\('(\w+)'/g),
    ...source.matchAll(/\? '(\w+)'/g),
  ].map(([, name]) => name!);
  expect([...namesIn(sectionOf(page, '## Metrics'))].sort()).toEqual([...new Set(names)].sort());
  expect(page.replace(/\s+/g, ' ')).toContain(`${names.length} metrics $${(names.length * 0.3).toFixed(2)}`);
});

describe('the cost of a request', () => {
  const COMPUTE = 'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"';
  const STOP = 'Category: stop; scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#"; class="action"';
  const headers = {
    Authorization: `Basic ${Buffer.from('alice:password').toString('base64')}`,
    'Content-Type': 'text/plain',
  };
  let one: OpenNebula;
  let endpoint: Endpoint;
  let machine: string;

  const send = (method: string, path: string, more = {}, body?: string) =>
    endpoint.send(method, path, { headers: { ...headers, ...more }, ...(body !== undefined && { body }) });
  const make = async () => new URL((await send('POST', '/compute/', {}, COMPUTE)).headers.location!).pathname;

  beforeAll(async () => {
    one = await startOpenNebula({ step: 1 });
    const settings = { endpoint: one.endpoint, defaultOsTemplate: 0 };
    endpoint = await startEndpoint({
      settings: { adapter: { name: 'opennebula', site: 'test', settings }, auth: ['basic'] },
    });
    await send('GET', '/-/');
    machine = await make();
    await send('GET', machine);
  });
  afterAll(async () => {
    await endpoint.stop();
    await one.close();
  });

  const REQUESTS: Record<string, () => Promise<{ status: number }>> = {
    discovery: () => send('GET', '/-/'),
    'create a compute': () => send('POST', '/compute/', {}, COMPUTE),
    'create with an idempotency key': () => send('POST', '/compute/', { 'Idempotency-Key': 'x' }, COMPUTE),
    'get a compute': () => send('GET', machine),
    'list computes': () => send('GET', '/compute/'),
    'action on a compute': () => send('POST', `${machine}?action=stop`, {}, STOP),
    'delete a compute': () => send('DELETE', machine),
  };
  const rows = rowsOf(sectionOf(page, '## Cost')).filter(([, , , , dollars]) => dollars !== undefined);

  test('lists the same requests', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(REQUESTS));
  });

  test.each(Object.keys(REQUESTS))('%s', async (name) => {
    endpoint.reset();
    const before = one.methods.length;
    expect((await REQUESTS[name]!()).status).toBeLessThan(300);
    const { get = 0, getAll = 0, query = 0, queryKeys = 0, put = 0, delete: removed = 0 } = endpoint.calls;
    const reads = get + getAll + query + queryKeys;
    const writes = put + removed;
    const dollars = (Math.round((reads * 0.125 + writes * 0.625) * 100 + 1e-6) / 100).toFixed(2);
    const counted = [reads, writes, one.methods.length - before, dollars].map(String);
    expect(rows.find(([first]) => first === name)).toEqual([name, ...counted]);
  });
});
