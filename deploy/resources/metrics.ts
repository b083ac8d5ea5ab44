/** The metrics that alarms and dashboard read, as CloudWatch names them. */
import type { Stack, Text } from '../stack/stack.ts';

/** Operations on the table that the service makes (lib/table). */
const TABLE_OPERATIONS = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'];

/** CloudWatch knows a table by its name. */
export const tableNameOf = ({ table: { name } }: Pick<Stack, 'table'>): string => name.split('/').at(-1)!;

/** A metric with its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, Text>>;
}

/** Of the whole endpoint: `5xx`, `Count`, `Latency`, `IntegrationLatency`. */
export const gatewayMetric = (name: string): Metric => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiId: { Ref: 'HttpApi' } },
});

/** Of each function: `Errors`, `Throttles`, `Duration`, `ConcurrentExecutions`. */
export const functionMetrics = (name: string, { functions }: Pick<Stack, 'functions'>): readonly Metric[] =>
  functions.map(({ functionName }) => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: functionName },
  }));

/** What DynamoDB could not do, by operation, and what it would not do for the rate of it. */
export const tableMetrics = (stack: Pick<Stack, 'table'>): readonly Metric[] => {
  const TableName = tableNameOf(stack);
  const metric = (name: string, dimensions: Metric['dimensions'] = {}): Metric => ({
    namespace: 'AWS/DynamoDB',
    name,
    dimensions: { TableName, ...dimensions },
  });
  return [
    ...TABLE_OPERATIONS.map((Operation) => metric('SystemErrors', { Operation })),
    metric('ReadThrottleEvents'),
    metric('WriteThrottleEvents'),
  ];
};

/** What the service itself counts (lib/request/metrics.ts): `requests`, `nativeErrors`, `throttles` and so on. */
export const serviceMetric = (name: string, { prefix }: Pick<Stack, 'prefix'>): Metric => ({
  namespace: 'serverless-occi',
  name,
  dimensions: { service: prefix },
});
