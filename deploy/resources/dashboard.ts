/** The dashboard: what users see on the first row, why on the others. */

import { join } from '../stack/names.ts';
import type { Part, Properties, Stack, Text, Value } from '../stack/stack.ts';
import { functionMetrics, gatewayMetric, type Metric, serviceMetric, tableMetrics } from './metrics.ts';

const SUM = { stat: 'Sum', period: 300 };

/** A metric, with how it is drawn. */
interface Line extends Metric {
  readonly options?: Properties;
}

/** Statistics of one metric side by side. */
const percentiles = (metric: Metric): readonly Line[] =>
  ['p50', 'p90', 'p99'].map((stat) => ({ ...metric, options: { stat, label: stat } }));

type Widget = readonly [title: string, properties: Properties, lines: (stack: Stack) => readonly Line[]];

const WIDGETS: readonly Widget[] = [
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

function counted(...names: readonly string[]) {
  return (stack: Stack): readonly Line[] => names.map((name) => serviceMetric(name, stack));
}

const COLUMNS = 3;
const WIDTH = 8;
const HEIGHT = 6;

/** Placeholders in the text for values that only CloudFormation knows. */
const REGION = '@region@';
const API = '@api@';

const toLine = ({ namespace, name, dimensions, options }: Line): readonly Value[] => [
  namespace,
  name,
  ...Object.entries(dimensions).flatMap(([key, value]) => [key, typeof value === 'string' ? value : API]),
  ...(options ? [options] : []),
];

const toWidget = ([title, properties, lines]: Widget, index: number, stack: Stack) => ({
  type: 'metric',
  x: (index % COLUMNS) * WIDTH,
  y: Math.floor(index / COLUMNS) * HEIGHT,
  width: WIDTH,
  height: HEIGHT,
  properties: { title, region: REGION, view: 'timeSeries', ...properties, metrics: lines(stack).map(toLine) },
});

const KNOWN: Readonly<Record<string, Text>> = { [REGION]: { Ref: 'AWS::Region' }, [API]: { Ref: 'HttpApi' } };

export const dashboard = (stack: Stack): Part => {
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
