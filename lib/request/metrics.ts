import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { Result } from '../http/result.ts';
import { type RequestRecord, trailOf } from './request-log.ts';

/** Metrics that come from the record of a request. */
const FROM_TRAIL = {
  throttles: ({ throttles }) => throttles,
  nativeErrors: ({ nativeErrors }) => nativeErrors,
  adoptions: ({ adoptions }) => adoptions,
  limitRefusals: ({ limit }) => (limit === undefined ? undefined : 1),
  coldStarts: ({ coldStart }) => (coldStart ? 1 : undefined),
} as const satisfies Record<string, (record: RequestRecord) => number | undefined>;

/** The metric that counts the status. */
const outcomeOf = (status: number): 'serverErrors' | 'clientErrors' | undefined =>
  status >= 500 ? 'serverErrors' : status >= 400 ? 'clientErrors' : undefined;

/**
 * Middleware: writes the metrics of a request as one line in CloudWatch's Embedded Metric Format, unless metrics are
 * disabled. Counts of zero are left out: CloudWatch reads a missing value as zero.
 */
export function requestMetrics(): MiddlewareObj<object, Result>[] {
  if (process.env.POWERTOOLS_METRICS_DISABLED === 'true') return [];
  const metrics = new Metrics({ namespace: 'serverless-occi' });
  const count = (name: string, times = 1): void => void metrics.addMetric(name, MetricUnit.Count, times);
  const publish: NonNullable<MiddlewareObj<object, Result>['after']> = ({ event, response }) => {
    const { record, nativeTimes } = trailOf(event);
    const outcome = outcomeOf(response?.statusCode ?? 500);
    count('requests');
    if (outcome) count(outcome);
    for (const [name, of] of Object.entries(FROM_TRAIL)) {
      const times = of(record);
      if (times !== undefined) count(name, times);
    }
    for (const time of nativeTimes) metrics.addMetric('nativeLatency', MetricUnit.Milliseconds, time);
    metrics.publishStoredMetrics();
  };
  return [{ after: publish, onError: publish }];
}
