/** Alarms for operators. docs/operations.md says what each means and what to do. */

import { tagList } from '../stack/names.ts';
import type { Part, Properties, Resource, Stack } from '../stack/stack.ts';
import { functionMetrics, gatewayMetric, type Metric, serviceMetric, tableMetrics } from './metrics.ts';

interface Alarm {
  readonly name: string;
  /** Its description in CloudWatch. */
  readonly says: string;
  /** Summed up over five minutes; of a single one, `percentile` may be taken instead, in milliseconds. */
  readonly metrics: readonly Metric[];
  readonly percentile?: string;
  /** The sum or percentile must be above this. */
  readonly over: number;
  /** The sum must also be more than this percentage of all requests; the alarm then compares that percentage. */
  readonly share?: number;
  /** In how many of the last three periods. */
  readonly times: number;
}

/** The alarms by logical id. */
const alarmsOf = (stack: Stack): Readonly<Record<string, Alarm>> => ({
  ServerErrorsAlarm: {
    name: 'server-errors',
    says: 'The endpoint answers with 5xx: the cloud behind it fails, or a function does.',
    metrics: [gatewayMetric('5xx')],
    over: 5,
    share: 5,
    times: 2,
  },
  LatencyAlarm: {
    name: 'latency',
    says: `One request in a hundred takes longer than ${stack.parameters.alarmLatency} ms.`,
    metrics: [gatewayMetric('Latency')],
    percentile: 'p99',
    over: stack.parameters.alarmLatency,
    times: 3,
  },
  FunctionErrorsAlarm: {
    name: 'function-errors',
    says: 'A function ends without an answer: it does not start, runs out of memory or time, or is broken.',
    metrics: functionMetrics('Errors', stack),
    over: 0,
    times: 1,
  },
  ThrottlesAlarm: {
    name: 'throttles',
    says: 'Lambda turns requests away: the reserved concurrency of a function, or that of the account, is used up.',
    // All requests, not the invocations of each function besides: an alarm has ten metrics at most.
    metrics: functionMetrics('Throttles', stack),
    over: 5,
    share: 5,
    times: 2,
  },
  CloudThrottlesAlarm: {
    name: 'cloud-throttles',
    says: 'The cloud behind the endpoint turns calls away for their rate.',
    metrics: [serviceMetric('throttles', stack)],
    over: 20,
    times: 2,
  },
  TableErrorsAlarm: {
    name: 'table-errors',
    says: 'DynamoDB fails or throttles.',
    metrics: tableMetrics(stack),
    over: 0,
    times: 2,
  },
});

const PERIOD_SECONDS = 300;

const dimensionList = (dimensions: Metric['dimensions']) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

const part = ({ namespace, name, dimensions }: Metric, Id: string) => ({
  Id,
  ReturnData: false,
  MetricStat: {
    Metric: { Namespace: namespace, MetricName: name, Dimensions: dimensionList(dimensions) },
    Period: PERIOD_SECONDS,
    Stat: 'Sum',
  },
});

/** One metric as it is; several as their sum, in which a metric that has no value counts as nothing; or that sum's share. */
const measured = ({ metrics, percentile, over, share }: Alarm): Properties => {
  const [only] = metrics;
  if (only && metrics.length === 1 && share === undefined) {
    const { namespace, name, dimensions } = only;
    return {
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensionList(dimensions),
      Period: PERIOD_SECONDS,
      ...(percentile ? { ExtendedStatistic: percentile } : { Statistic: 'Sum' }),
    };
  }
  const parts = metrics.map((metric, index) => part(metric, `m${index}`));
  const sum = {
    Id: 'sum',
    Expression: parts.map(({ Id }) => `FILL(${Id}, 0)`).join(' + '),
    ReturnData: share === undefined,
  };
  if (share === undefined) return { Metrics: [...parts, sum] };
  const all = part(gatewayMetric('Count'), 'all');
  // Few requests are no share: one of two that fail is one.
  const Expression = `IF(sum > ${over}, 100 * sum / all, 0)`;
  return { Metrics: [...parts, all, sum, { Id: 'share', Expression, ReturnData: true }] };
};

const toAlarm = (alarm: Alarm, { prefix, parameters: { alarmTopic, tags } }: Stack): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `${prefix}-${alarm.name}`,
    AlarmDescription: alarm.says,
    ...measured(alarm),
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: alarm.share ?? alarm.over,
    EvaluationPeriods: 3,
    DatapointsToAlarm: alarm.times,
    // No traffic is not an alarm.
    TreatMissingData: 'notBreaching',
    ...(alarmTopic && { AlarmActions: [alarmTopic], OKActions: [alarmTopic] }),
    ...tagList(tags),
  },
});

export const alarms = (stack: Stack): Part => {
  if (!stack.parameters.alarms) return { resources: {} };
  const made = Object.entries(alarmsOf(stack)).map(([id, alarm]) => [id, toAlarm(alarm, stack)]);
  return { resources: Object.fromEntries(made) };
};
