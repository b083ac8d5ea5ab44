/** The caller of one request: its session, proved once and anew where a service says that it has ended. */
import type { Caller } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { OpenStackSettings } from '../config.ts';
import type { Keystone } from './keystone.ts';
import { logIn, userOf } from './log-in.ts';
import { isRepeatable, limited, loginIn, notValid } from './login.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

interface Proving {
  readonly sessions: Sessions;
  readonly settings: OpenStackSettings;
  /** Calls for a proof, which may go on after the request that has begun it. */
  readonly keystone: () => Keystone;
  /** When the request must be answered, in milliseconds since the epoch. */
  readonly deadline: number;
}

export interface ProvedCaller {
  /** Throws `unauthenticated` for what Keystone does not take, and `invalid` for credentials of two users. */
  session(): Promise<Session>;
  /**
   * Another session of the caller, after a service has refused the token of `ended`. Throws `unauthenticated` if there is
   * none: a token ends for good, a password gives another one, once in a request; `forbidden` for a credential with access
   * rules.
   */
  renewed(ended: Session): Promise<Session>;
  /** The session that is proved; undefined before. */
  readonly known: Session | undefined;
}

/** Keystone's view of a caller, by calls that are not made before they are needed. */
export function provedCaller(caller: Caller, { sessions, settings, keystone, deadline }: Proving): ProvedCaller {
  let known: Session | undefined;
  let current: Promise<Session> | undefined;
  let again: Promise<Session> | undefined;

  const prove = async (): Promise<Session> => {
    const login = loginIn(caller, settings);
    return await sessions.of(caller, () => logIn(keystone(), login, settings), deadline);
  };

  const besideUser = async (): Promise<string | undefined> => {
    const { beside } = caller;
    if (!beside) return undefined;
    const login = loginIn(beside, settings);
    return await sessions.userOf(beside, () => userOf(keystone(), login), deadline);
  };

  const proveAll = async (): Promise<Session> => {
    const [session, other] = await Promise.all([prove(), besideUser()]);
    if (other !== undefined && other !== session.userId) {
      throw new OcciError('invalid', 'Authorization and X-Auth-Token are of different callers: send one of them.');
    }
    known = session;
    return session;
  };

  const proveAgain = async (ended: Session): Promise<Session> => {
    await sessions.forget(caller, ended);
    if (ended.isLimited) throw limited();
    if (!isRepeatable(loginIn(caller, settings))) throw notValid();
    const session = await prove();
    const isSame = session.userId === ended.userId && session.projectId === ended.projectId;
    if (!isSame || session.token === ended.token) throw notValid();
    known = session;
    return session;
  };

  const session = (): Promise<Session> => {
    current ??= proveAll();
    return current;
  };

  return {
    session,
    async renewed(ended) {
      again ??= proveAgain(ended);
      current = again;
      const session = await again;
      // A second token that a service does not take either says that something else is wrong.
      if (session === ended) throw notValid();
      return session;
    },
    get known() {
      return known;
    },
  };
}
