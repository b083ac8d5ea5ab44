/**
 * Faults of the embedded table as errors of DynamoDB. dynalite sends an error that has a status and a body; any other
 * error it throws where nothing can catch it, which would end the process.
 */

/** An error that dynalite sends unchanged. */
export class Fault extends Error {
  override name = 'Fault';
  readonly statusCode: number;
  readonly body: object;

  private constructor(status: number, type: string, cause: unknown) {
    super(type, { cause });
    this.statusCode = status;
    this.body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type };
  }

  /** The disk cannot be written. 507 (RFC 4918 §11.5), which the SDK does not retry: a retry would fail too. */
  static unwritable(cause: unknown): Fault {
    return new Fault(507, 'StoreNotWritable', cause);
  }

  /** A read failed. The SDK retries it: the table may be reopening at this moment. */
  static unreadable(cause: unknown): Fault {
    return new Fault(500, 'InternalServerError', cause);
  }
}

/** The innermost cause of an error, in one line. */
export const reasonOf = (error: unknown): string => {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause) innermost = innermost.cause;
  return (innermost instanceof Error ? innermost.message : String(innermost)).replace(/\s+/g, ' ');
};
