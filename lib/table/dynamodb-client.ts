import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface DynamoDbConnection {
  /** An emulator's address (`http://127.0.0.1:4567`), which is sent made-up credentials; omit it on AWS. */
  readonly endpoint?: string;
  /** Default: the environment's, which Lambda sets. */
  readonly region?: string;
  /** Milliseconds one attempt may take before it is given up; default 3000. */
  readonly attemptTimeout?: number;
}

const CONNECT_TIMEOUT_MS = 1000;
const ATTEMPT_TIMEOUT_MS = 3000;

/** The SDK's default of four spends over 6 s on a throttled table; the gateway gives a whole request 29 s. */
const MAX_ATTEMPTS = 3;

const EMULATOR = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/**
 * The only place that opens a connection to DynamoDB. Connections are kept alive (the SDK's default) over requests.
 * Values come back as JSON has them: numbers as numbers, of any size that a double holds.
 */
export const connectDynamoDb = ({ endpoint, region, attemptTimeout }: DynamoDbConnection): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    ...(endpoint !== undefined && { endpoint, ...EMULATOR }),
    ...(region !== undefined && { region }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: attemptTimeout ?? ATTEMPT_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(client, {
    // Otherwise a map with a member named `constructor` is treated as a class instance.
    marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true, convertClassInstanceToMap: true },
    unmarshallOptions: { wrapNumbers: Number },
  });
};
