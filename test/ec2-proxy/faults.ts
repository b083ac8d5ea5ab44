import { Refusal } from './refusal.ts';

/** What a service that is not well does with a call. */
export type Fault =
  /** Refuses with a code of EC2; the call is not carried out. */
  | { readonly kind: 'error'; readonly code: string; readonly message?: string; readonly status?: number }
  /** RequestLimitExceeded with 503, as a bucket that is empty says. */
  | { readonly kind: 'throttled' }
  /** UnauthorizedOperation with 403 and an encoded message, which no client may see. */
  | { readonly kind: 'denied' }
  /** The page of a balancer in place of XML; the call is not carried out. */
  | { readonly kind: 'html'; readonly status?: number }
  /** Carries the call out and answers after so many milliseconds. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Carries the call out and cuts the connection: an answer that is lost. */
  | { readonly kind: 'lost' }
  /** Cuts the connection; the call is not carried out. */
  | { readonly kind: 'down' }
  /** Takes the call and never answers; it is not carried out. */
  | { readonly kind: 'silent' }
  /**
   * Of RunInstances: carries it out, and the machines end when they should run, for a reason of EC2 [documented]. The
   * answer may be lost as well.
   */
  | { readonly kind: 'dies'; readonly code: string; readonly message?: string; readonly isLost?: true };

interface Planned {
  readonly fault: Fault;
  /** Undefined: every action. */
  readonly action: string | undefined;
  /** Calls that go well before it. */
  after: number;
  times: number;
}

/** The encoded message of a denial; tests look for it where it must not be. */
export const ENCODED_MESSAGE = 'l3aK_d0-not_sh0w.x7Qm2Zc9f0b1a8e6d5c4b3a2918f7e6d5c4b3a291807';

/** What goes wrong, how often, and with which actions. */
export class Faults {
  private planned: Planned[] = [];

  /** For the next `times` calls of an action (or of all), after `after` that go well; for ever if `times` is not given. */
  add(fault: Fault, how: { readonly action?: string; readonly times?: number; readonly after?: number } = {}): void {
    const { action, times = Number.POSITIVE_INFINITY, after = 0 } = how;
    this.planned.push({ fault, action, times, after });
  }

  /** All is well again. */
  end(): void {
    this.planned = [];
  }

  /** What happens to a call of this action; counts it. */
  next(action: string): Fault | undefined {
    for (const plan of this.planned) {
      if (plan.times <= 0 || (plan.action !== undefined && plan.action !== action)) continue;
      if (plan.after > 0) plan.after -= 1;
      else {
        plan.times -= 1;
        return plan.fault;
      }
    }
    return undefined;
  }
}

/** The refusal that a fault stands for, if it stands for one. */
export const refusalOf = (fault: Fault | undefined): Refusal | undefined => {
  switch (fault?.kind) {
    case 'error':
      return new Refusal(fault.code, fault.message ?? `${fault.code} was asked for.`, fault.status);
    case 'throttled':
      return new Refusal('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'denied':
      return new Refusal(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. Encoded authorization failure message: ${ENCODED_MESSAGE}`,
        403,
      );
    default:
      return undefined;
  }
};

export const HTML =
  '<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503 Service Temporarily Unavailable</h1></body></html>';
