/** Alarms and dashboard look at metrics that somebody writes. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
// @ts-expect-error: plain JavaScript
import { alarms } from '../../deploy/alarms.mjs';
// @ts-expect-error: plain JavaScript
import { dashboard } from '../../deploy/dashboard.mjs';

const stack = {
  prefix: 'occi-test',
  table: { name: 'occi-test' },
  functions: [{ name: 'compute', functionName: 'occi-test-compute', logicalId: 'Compute' }],
  parameters: { alarms: true, alarmLatency: 1000, dashboard: true },
};

test('the service writes every metric of its own that they look at, and says which service it is', () => {
  const source = readFileSync(new URL('../../lib/main-line/metrics.ts', import.meta.url), 'utf8');
  const text = JSON.stringify([alarms(stack), dashboard(stack)]).replaceAll('\\"', '"');
  const ofDashboard = [...text.matchAll(/"serverless-occi","(\w+)","service","occi-test"/g)].map(([, name]) => name);
  const ofAlarms = [...text.matchAll(/"Namespace":"serverless-occi","MetricName":"(\w+)"/g)].map(([, name]) => name);
  expect(new Set(ofDashboard)).toEqual(
    new Set([
      'adoptions',
      'clientErrors',
      'coldStarts',
      'nativeErrors',
      'nativeLatency',
      'requests',
      'serverErrors',
      'throttles',
    ]),
  );
  expect(ofAlarms).toEqual(['throttles']);
  for (const name of ofDashboard) expect(source).toMatch(new RegExp(`\\b${name}\\b`));
  expect(source).toContain("namespace: 'serverless-occi'");
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
