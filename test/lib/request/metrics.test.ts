import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { requestMetrics } from '../../../lib/request/metrics.ts';
import { nativeCallLog, trailOf } from '../../../lib/request/request-log.ts';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';

const { POWERTOOLS_METRICS_DISABLED, POWERTOOLS_SERVICE_NAME } = process.env;
let endpoint: Endpoint;
beforeAll(async () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  process.env.POWERTOOLS_SERVICE_NAME = 'occi-prod';
  endpoint = await startEndpoint();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED });
  if (POWERTOOLS_SERVICE_NAME === undefined) delete process.env.POWERTOOLS_SERVICE_NAME;
  else process.env.POWERTOOLS_SERVICE_NAME = POWERTOOLS_SERVICE_NAME;
  await endpoint.stop();
});

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: {
      readonly Namespace: string;
      readonly Dimensions: string[][];
      readonly Metrics: { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/** The lines that are written meanwhile. */
const linesOf = async (work: () => unknown): Promise<Line[]> => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await work();
  const lines = write.mock.calls.map(([text]) => JSON.parse(String(text)) as Line);
  write.mockRestore();
  return lines;
};

/** What a line counts: unit and value by name. */
const countsOf = (line: Line): Record<string, unknown> =>
  Object.fromEntries(
    line._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics).map(({ Name, Unit }) => [Name, [Unit, line[Name]]]),
  );

describe('Metrics of a request are one line', () => {
  test('in the namespace and the dimension that alarms and dashboard read', async () => {
    await endpoint.send('GET', '/compute/'); // the first of the process has a cold start too
    const lines = await linesOf(() => endpoint.send('GET', '/compute/'));
    expect(lines).toHaveLength(1);
    const [{ Namespace, Dimensions } = { Namespace: '', Dimensions: [] }] = lines[0]!._aws.CloudWatchMetrics;
    expect([Namespace, Dimensions, lines[0]!.service]).toEqual(['serverless-occi', [['service']], 'occi-prod']);
  });

  test.each([
    ['/compute/', { requests: ['Count', 1] }],
    ['/nothing', { requests: ['Count', 1], clientErrors: ['Count', 1] }],
    ['/compute/?page=x', { requests: ['Count', 1], clientErrors: ['Count', 1] }],
  ])('GET %s: %j', async (path, counts) => {
    expect((await linesOf(() => endpoint.send('GET', path))).map(countsOf)).toEqual([counts]);
  });

  test('with every native call and its outcome, cold starts and adoptions', async () => {
    const event = {};
    const trail = trailOf(event);
    trail.record.coldStart = true;
    trail.record.adoptions = 2;
    const report = nativeCallLog('r-1', trail);
    report({ call: 'a', milliseconds: 12, outcome: 'ok' });
    report({ call: 'b', milliseconds: 5, outcome: 'refused 1024' });
    report({ call: 'c', milliseconds: 1, outcome: 'RequestLimitExceeded', failed: 'throttled' });
    report({ call: 'd', milliseconds: 3000, outcome: 'lost', failed: 'broken' });
    const [middleware] = requestMetrics();
    const request = { event, response: { statusCode: 503 } } as never;
    const lines = await linesOf(() => middleware!.after!(request));
    expect(lines.map(countsOf)).toEqual([
      {
        requests: ['Count', 1],
        serverErrors: ['Count', 1],
        throttles: ['Count', 1],
        nativeErrors: ['Count', 1],
        adoptions: ['Count', 2],
        coldStarts: ['Count', 1],
        nativeLatency: ['Milliseconds', [12, 5, 1, 3000]],
      },
    ]);
  });

  test('are not written if they are disabled', () => {
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
    expect(requestMetrics()).toEqual([]);
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  });
});
