import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { Result } from '../http/result.ts';

/** Middleware: requests and failures by class, in CloudWatch's Embedded Metric Format; none where metrics are disabled. */
export function requestMetrics(): MiddlewareObj<unknown, Result>[] {
  if (process.env.POWERTOOLS_METRICS_DISABLED === 'true') return [];
  const metrics = new Metrics({ namespace: 'serverless-occi' });
  const count: NonNullable<MiddlewareObj<unknown, Result>['after']> = ({ response }) => {
    const status = response?.statusCode ?? 500;
    metrics.addMetric('requests', MetricUnit.Count, 1);
    if (status >= 400) metrics.addMetric(status >= 500 ? 'serverErrors' : 'clientErrors', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
  };
  return [{ after: count, onError: count }];
}
