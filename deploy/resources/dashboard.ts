/** The dashboard: what users see on the first row, why on the others. */

import { join } from '../stack/names.mjs';
import { functionMetrics, gatewayMetric, serviceMetric, tableMetrics } from './metrics.mjs';

const SUM = { stat: 'Sum', period: 300 };

/** Statistics of one metric side by side. */
const percentiles = (metric) => ['p50', 'p90', 'p99'].map((stat) => ({ ...metric, options: { stat, label: stat } }));

const WIDGETS = [
  ['Requests', SUM, () => [gatewayMetric('Count')]],
  ['Answers 4xx and 5xx', SUM, () => [gatewayMetric('4xx'), gatewayMetric('5xx')]],
  ['Latency, ms', { period: 300 }, () => percentiles(gatewayMetric('Latency'))],
  ['Requests and failures, as the service counts them', SUM, counted('requests', 'clientErrors', 'serverErrors')],
  ['Latency of the cloud behind, ms', { period: 300 }, (stack) => percentiles(serviceMetric('nativeLatency', stack))],
  ['Failures and throttling of the cloud behind', SUM, counted('nativeErrors', 'throttles')],
  ['Entities met that were made elsewhere; cold starts', SUM, counted('adoptions', 'coldStarts')],
  [
    'Requests at the same time, by function',
    { stat: 'Maximum', period: 300 },
    (stack) => functionMetrics('ConcurrentExecutions', stack),
  ],
  [
    'Errors and throttles of the functions',
    SUM,
    (stack) => [...functionMetrics('Errors', stack), ...functionMetrics('Throttles', stack)],
  ],
  ['Slowest runs of the functions, ms', { stat: 'p99', period: 300 }, (stack) => functionMetrics('Duration', stack)],
  ['Failures and throttling of the table', SUM, tableMetrics],
];

function counted(...names) {
  return (stack) => names.map((name) => serviceMetric(name, stack));
}

const COLUMNS = 3;
const [WIDTH, HEIGHT] = [8, 6];

/** Stands in the text for what only CloudFormation knows. */
const [REGION, API] = ['@region@', '@api@'];

const toLine = ({ namespace, name, dimensions, options }) => [
  namespace,
  name,
  ...Object.entries(dimensions).flatMap(([key, value]) => [key, typeof value === 'string' ? value : API]),
  ...(options ? [options] : []),
];

const toWidget = ([title, properties, metrics], index, stack) => ({
  type: 'metric',
  x: (index % COLUMNS) * WIDTH,
  y: Math.floor(index / COLUMNS) * HEIGHT,
  width: WIDTH,
  height: HEIGHT,
  properties: { title, region: REGION, view: 'timeSeries', ...properties, metrics: metrics(stack).map(toLine) },
});

const KNOWN = { [REGION]: { Ref: 'AWS::Region' }, [API]: { Ref: 'HttpApi' } };

/** @param {import('../stack/template.mjs').Stack} stack */
export const dashboard = (stack) => {
  if (!stack.parameters.dashboard) return { resources: {} };
  const body = JSON.stringify({ widgets: WIDGETS.map((widget, index) => toWidget(widget, index, stack)) });
  const parts = body.split(/(@region@|@api@)/).map((part) => KNOWN[part] ?? part);
  return {
    resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: stack.prefix, DashboardBody: join(...parts) },
      },
    },
  };
};
