import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';

const disabled = process.env.POWERTOOLS_METRICS_DISABLED;
let endpoint: Endpoint;
beforeAll(async () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  endpoint = await startEndpoint();
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(async () => {
  process.env.POWERTOOLS_METRICS_DISABLED = disabled;
  await endpoint.stop();
});

test.each([
  ['/compute/', ['requests']],
  ['/nothing', ['requests', 'clientErrors']],
  ['/compute/?page=x', ['requests', 'clientErrors']],
])('GET %s counts as %j', async (path, counted) => {
  const metrics = (name: 'addMetric' | 'publishStoredMetrics') => jest.spyOn(Metrics.prototype, name).mockReturnThis();
  metrics('publishStoredMetrics');
  const add = metrics('addMetric');
  await endpoint.send('GET', path);
  expect(add.mock.calls.map(([name]) => name)).toEqual(counted);
});
