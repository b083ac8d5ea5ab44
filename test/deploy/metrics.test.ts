/** Alarms and dashboard look at metrics that somebody writes. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { alarms } from '../../deploy/resources/alarms.ts';
import { dashboard } from '../../deploy/resources/dashboard.ts';
import { requestMetrics } from '../../lib/request/metrics.ts';
import { nativeCallLog, trailOf } from '../../lib/request/request-log.ts';
import type { Json } from './packaging.ts';

const stack: Json = {
  prefix: 'occi-test',
  table: { name: 'occi-test' },
  functions: [{ name: 'compute', functionName: 'occi-test-compute', logicalId: 'Compute' }],
  parameters: { alarms: true, alarmLatency: 1000, dashboard: true },
};

const { POWERTOOLS_METRICS_DISABLED, POWERTOOLS_SERVICE_NAME } = process.env;
beforeEach(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED: 'false', POWERTOOLS_SERVICE_NAME: 'occi-test' });
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const [name, value] of Object.entries({ POWERTOOLS_METRICS_DISABLED, POWERTOOLS_SERVICE_NAME })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: {
      readonly Namespace: string;
      readonly Dimensions: string[][];
      readonly Metrics: { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly service: string;
}

/** Each metric that requests with everything in them come to, with what it stands under. */
function written(): string[] {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const [middleware] = requestMetrics();
  for (const statusCode of [200, 404, 503]) {
    const event = {};
    const trail = trailOf(event);
    Object.assign(trail.record, { coldStart: true, adoptions: 1 });
    const report = nativeCallLog('r-1', trail);
    report({ call: 'a', milliseconds: 1, outcome: 'RequestLimitExceeded', failed: 'throttled' });
    report({ call: 'b', milliseconds: 1, outcome: 'lost', failed: 'broken' });
    middleware!.after!({ event, response: { statusCode } } as never);
  }
  const lines = write.mock.calls.map(([text]) => JSON.parse(String(text)) as Line);
  write.mockRestore();
  const all = lines.flatMap(({ _aws, service }) =>
    _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
      Metrics.map(({ Name }) => `${Namespace} ${Name} ${Dimensions.flat()} ${service}`),
    ),
  );
  return [...new Set(all)].sort();
}

const stands = (name: string | undefined): string => `serverless-occi ${name} service occi-test`;

test('the dashboard looks at every metric that requests write, and at no other', () => {
  const text = JSON.stringify(dashboard(stack)).replaceAll('\\"', '"');
  const shown = [...text.matchAll(/"serverless-occi","(\w+)","service","occi-test"/g)].map(([, name]) => stands(name));
  expect([...new Set(shown)].sort()).toEqual(written());
});

test('the alarms look at metrics that requests write', () => {
  const text = JSON.stringify(alarms(stack));
  const pattern =
    /"Namespace":"serverless-occi","MetricName":"(\w+)","Dimensions":\[\{"Name":"service","Value":"occi-test"\}\]/g;
  const watched = [...text.matchAll(pattern)].map(([, name]) => stands(name));
  expect(watched).toEqual([stands('throttles')]);
  expect(text.match(/"Namespace":"serverless-occi"/g)).toHaveLength(watched.length);
  expect(written()).toEqual(expect.arrayContaining(watched));
});

test('failures and throttling are told as a share of all requests, and only from some on', () => {
  const { ServerErrorsAlarm, ThrottlesAlarm } = alarms(stack).resources as Json;
  for (const { Properties } of [ServerErrorsAlarm, ThrottlesAlarm]) {
    const returned = Properties.Metrics.filter(({ ReturnData }: { ReturnData: boolean }) => ReturnData);
    expect(returned).toEqual([{ Id: 'share', Expression: 'IF(sum > 5, 100 * sum / all, 0)', ReturnData: true }]);
    const { MetricStat } = Properties.Metrics.find(({ Id }: { Id: string }) => Id === 'all');
    expect(MetricStat).toMatchObject({ Metric: { Namespace: 'AWS/ApiGateway', MetricName: 'Count' }, Stat: 'Sum' });
    expect(Properties.Threshold).toBe(5);
  }
});

test('the table is watched for every operation that the service makes', () => {
  const sources = ['dynamodb.ts', 'dynamodb-batch.ts'].map((name) =>
    readFileSync(new URL(`../../lib/table/${name}`, import.meta.url), 'utf8'),
  );
  const made = sources
    .join('\n')
    .match(/new (BatchGet|Get|Put|Delete|Update|Query|Scan|BatchWrite|TransactWrite)Command/g)!;
  const operations = new Set(
    made.map((one) => one.replace(/new (\w+)Command/, '$1').replace(/^(?!Query|Scan)(\w+)$/, '$1Item')),
  );
  const watched = [...JSON.stringify(alarms(stack)).matchAll(/"Name":"Operation","Value":"(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(new Set(watched)).toEqual(operations);
});
