/** The second argument of a Lambda handler. */
import type { Context } from 'aws-lambda';

/** Milliseconds a function may take: serverless.yml's `timeout`. */
export const LAMBDA_TIMEOUT_MS = 29_000;

/** A context whose time limit starts now. */
export class LocalContext implements Context {
  callbackWaitsForEmptyEventLoop = true;
  functionName: string;
  functionVersion = '$LATEST';
  memoryLimitInMB = '512';
  awsRequestId: string;
  readonly #deadline = Date.now() + LAMBDA_TIMEOUT_MS;

  constructor(functionName: string, awsRequestId: string) {
    this.functionName = functionName;
    this.awsRequestId = awsRequestId;
  }

  get invokedFunctionArn(): string {
    return `arn:aws:lambda:local:000000000000:function:${this.functionName}`;
  }

  get logGroupName(): string {
    return `/aws/lambda/${this.functionName}`;
  }

  get logStreamName(): string {
    return 'local';
  }

  /** In milliseconds; negative once the time is over. */
  getRemainingTimeInMillis(): number {
    return this.#deadline - Date.now();
  }

  // The callback style of old runtimes, which the Node 24 runtime has dropped.
  done(): void {}
  fail(): void {}
  succeed(): void {}
}
