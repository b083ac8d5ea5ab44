/**
 * Faults of the embedded table as errors of DynamoDB. dynalite answers an error that has a status and a body, and
 * throws any other out of reach, which would end the process.
 */

/** What dynalite sends as it is. */
export class Fault extends Error {
  override name = 'Fault';
  readonly statusCode: number;
  readonly body: object;

  private constructor(status: number, type: string, cause: unknown) {
    super(type, { cause });
    this.statusCode = status;
    this.body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type };
  }

  /** Nothing can be written. 507 (RFC 4918 §11.5), which the SDK does not repeat: a repetition would fail too. */
  static unwritable(cause: unknown): Fault {
    return new Fault(507, 'StoreNotWritable', cause);
  }

  /** Something could not be read. The SDK repeats it: the table may just be opened again. */
  static unreadable(cause: unknown): Fault {
    return new Fault(500, 'InternalServerError', cause);
  }
}

/** What happened, in one line: the innermost cause of an error. */
export const reasonOf = (error: unknown): string => {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause) innermost = innermost.cause;
  return (innermost instanceof Error ? innermost.message : String(innermost)).replace(/\s+/g, ' ');
};
