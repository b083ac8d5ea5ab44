import { randomBytes, randomUUID } from 'node:crypto';

/** Gives ids; a test that replays a recording says which ones come next. */
export class Ids {
  private readonly expected: string[] = [];

  /** The next ids that are given, in this order, whatever they are for. */
  expect(...ids: readonly string[]): void {
    this.expected.push(...ids);
  }

  /** The form of servers, volumes, networks and nearly everything else. */
  uuid(): string {
    return this.expected.shift() ?? randomUUID();
  }

  /** The form of Keystone: 32 hexadecimal digits. */
  hex(): string {
    return this.expected.shift() ?? randomBytes(16).toString('hex');
  }
}
