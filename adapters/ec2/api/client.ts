/** Native calls: the SDK's client, loaded at the first of them, one per role and process. */

import type { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import type * as z from 'zod';
import { ANSWER_MARGIN_MS } from '../../../lib/adapter/attempts.ts';
import { BoundedCache, loadOnce } from '../../../lib/adapter/cache.ts';
import type { NativeCallReport } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import { firstParse } from '../../../lib/first-parse.ts';
import type { Ec2Settings } from '../config.ts';
import type { Account } from './accounts.ts';
import type { CallName, InputOf } from './call-types.ts';
import { type ClientErrorOf, clientFailure, isPutOff, isThrottled, Nonsense, nameOf } from './failures.ts';
import { REPEATS } from './repeats.ts';

/**
 * EC2 as one request sees it. Throws `Refusal` when EC2 refuses, and `OcciError` `unavailable` or `timedOut` when it
 * cannot be reached, throttles, or answers nonsense: with `unknownOutcome` where a call that changes something may have
 * been carried out.
 */
export interface Ec2 {
  /**
   * The answer to one call, checked by `shape`. Repeated by the SDK, within the time that is left, where that may help
   * and, as `REPEATS` has it, does no harm.
   */
  call<N extends CallName, T>(name: N, input: InputOf<N>, shape: z.ZodType<T>): Promise<T>;
}

/** What the calls of a process share: a client for each role, each with credentials of its own. */
interface Connections {
  readonly settings: Ec2Settings;
  client(role: Account['role']): Promise<EC2Client>;
}

/** Roles whose clients a process keeps. */
const MAX_CLIENTS = 100;

/** Clients are never shared over roles: a client is the credentials of one. */
export function connections(settings: Ec2Settings): Connections {
  const clients = new BoundedCache<Promise<EC2Client>>({ maxEntries: MAX_CLIENTS });
  const connect = async (role: Account['role']): Promise<EC2Client> => {
    const [{ EC2Client: Client }, credentials] = await Promise.all([
      import('./sdk.ts'),
      role && import('./assumed-role.ts').then(({ assumed }) => assumed(settings, role)),
    ]);
    return new Client({
      region: settings.region,
      maxAttempts: settings.attempts,
      requestHandler: {
        connectionTimeout: 3000,
        requestTimeout: settings.timeout * 1000,
        throwOnRequestTimeout: true,
      },
      ...(settings.endpoint !== undefined && { endpoint: settings.endpoint }),
      ...(credentials && { credentials }),
    });
  };
  return {
    settings,
    client(role) {
      const key = role ? JSON.stringify([role.arn, role.externalId, role.session]) : '';
      return loadOnce(clients, key, () => connect(role));
    },
  };
}

interface CallContext {
  readonly role: Account['role'];
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly onCall: ((report: NativeCallReport) => void) | undefined;
}

/** Rejects when the time is over: the SDK looks at the signal only when it sends, not while it waits for credentials. */
const rejectedAt = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const over = () => reject(Object.assign(new Error('The time of the request is over.'), { name: 'TimeoutError' }));
    signal.addEventListener('abort', over, { once: true });
  });

/** A failure that hides from the SDK what it is: it sends again whatever may have been lost. */
class Unrepeated extends Error {
  readonly failure: unknown;

  constructor(failure: unknown) {
    super('Not sent again.');
    this.failure = failure;
  }
}

/**
 * Within the SDK's attempts: marks what EC2 put off for the moment, so that the SDK sends it again. Of a call that may be
 * sent once only, it sees no other failure.
 */
const repeated =
  <I, O>(next: (args: I) => Promise<O>, isOnce: boolean) =>
  (args: I): Promise<O> =>
    next(args).catch((error) => {
      if (isPutOff(error)) throw Object.assign(error, { $retryable: { throttling: true } });
      throw isOnce ? new Unrepeated(error) : error;
    });

/** EC2 for one request. */
export function ec2(of: Connections, { role, deadline, onCall }: CallContext): Ec2 {
  return {
    async call(name, input, shape) {
      const started = performance.now();
      let outcome = 'ok';
      let failed: NativeCallReport['failed'];
      // Before the first call there is nothing that EC2 could refuse.
      let explain: ClientErrorOf = () => undefined;
      try {
        const left = deadline - ANSWER_MARGIN_MS - Date.now();
        if (left <= 0) throw new OcciError('timedOut', 'There was no time left to ask the cloud.');
        const [client, { COMMANDS, clientErrorOf }] = await Promise.all([of.client(role), import('./sdk.ts')]);
        explain = clientErrorOf;
        const Command = COMMANDS[name] as unknown as new (input: unknown) => DescribeVpcsCommand;
        const command = new Command(input);
        // Of low priority: behind the SDK's own, which repeats.
        command.middlewareStack.add((next) => repeated(next, REPEATS[name] === 'once'), {
          step: 'finalizeRequest',
          name: 'repeated',
          priority: 'low',
        });
        const abortSignal = AbortSignal.timeout(left);
        const answer: unknown = await Promise.race([client.send(command, { abortSignal }), rejectedAt(abortSignal)]);
        const checked = shape.safeParse(answer, firstParse(shape));
        if (!checked.success) throw new Nonsense(name, checked.error);
        return checked.data;
      } catch (thrown) {
        const error = thrown instanceof Unrepeated ? thrown.failure : thrown;
        outcome = nameOf(error);
        const failure = clientFailure(error, name, explain);
        if (failure instanceof OcciError) failed = isThrottled(error) ? 'throttled' : 'broken';
        throw failure;
      } finally {
        onCall?.({ call: name, milliseconds: Math.round(performance.now() - started), outcome, failed });
      }
    },
  };
}
