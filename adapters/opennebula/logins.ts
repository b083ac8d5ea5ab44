/** Login tokens of OpenNebula, which the user makes at this endpoint: `one.user.login`. oned keeps ten for a user. */
import { createHash } from 'node:crypto';
import type { Login, Logins } from '../../lib/adapter/logins.ts';
import { OcciError } from '../../lib/errors.ts';
import { type OneClient, OneRefusal } from './api/client.ts';
import { translateErrors } from './api/errors.ts';
import type { Verdict } from './api/verdict.ts';
import { answeredText, group as groupShape, userLogins } from './native/index.ts';

/** What the tokens of a request need. */
interface LoginContext {
  readonly client: OneClient;
  verdict(): Promise<Verdict>;
  /** Called for a session that is not valid any more. */
  forget(session: string): void;
}

/** As `EGID`: a token for all groups of its user. */
const ALL_GROUPS = -1;

/** A token as oned keeps it. */
interface Kept {
  readonly token: string;
  /** In seconds since the epoch; -1 for one that never ends. */
  readonly expires: number;
  readonly egid: number;
}

/** The id that clients see. A token of oned is random, so its hash does not reveal it. */
const idOf = (uid: number, token: string): string =>
  createHash('sha256').update(`${uid}:${token}`).digest('base64url').slice(0, 22);

/** What oned's refusals mean, by their sentence; the code is 4096 for all. */
const REFUSALS: readonly (readonly [RegExp, () => OcciError])[] = [
  [
    /Max number of tokens/i,
    () => new OcciError('conflict', 'You have ten login tokens, the most that the cloud keeps: revoke one first.'),
  ],
  [/EGID is not in user group list/i, () => new OcciError('invalid', 'You are not in this group.')],
  [
    /full token with a specific group token/i,
    () => new OcciError('forbidden', 'Your token is for one group: name that group, or send your password.'),
  ],
];

function refusalOf(error: unknown): unknown {
  if (!(error instanceof OneRefusal)) return error;
  return REFUSALS.find(([sentence]) => sentence.test(error.sentence))?.[1]() ?? error;
}

/** The tokens of the caller. */
export function loginsOf(context: LoginContext): Logins {
  const verdict = () => context.verdict();

  /** Names of the caller's groups; a group that it may not look at goes by its number. */
  const groupNames = async (): Promise<ReadonlyMap<number, string>> => {
    const { groups } = await verdict();
    const calls = groups.map((id) => ({ method: 'one.group.info', params: [id], shape: groupShape }));
    const answers = await context.client.multicall(calls, { repeatable: true });
    return new Map(
      groups.map((id, place) => {
        const answer = answers[place]!;
        return [id, answer instanceof OneRefusal ? String(id) : answer.NAME];
      }),
    );
  };

  /** Number and name of a group that the client named by either. */
  const groupNamed = async (wanted: string): Promise<readonly [egid: number, name: string]> => {
    const named = [...(await groupNames())].find(([id, name]) => name === wanted || String(id) === wanted);
    if (named) return named;
    throw new OcciError('invalid', 'You are not in this group.');
  };

  const kept = async (): Promise<readonly Kept[]> => {
    const { LOGIN_TOKEN } = await context.client.call('one.user.info', [-1], userLogins, { repeatable: true });
    const now = Date.now() / 1000;
    return LOGIN_TOKEN.map(({ TOKEN, EXPIRATION_TIME, EGID }) => ({
      token: TOKEN,
      expires: EXPIRATION_TIME,
      egid: EGID ?? ALL_GROUPS,
    })).filter(({ expires }) => expires < 0 || expires > now);
  };

  return {
    async create({ seconds, group }) {
      const { uid, name } = await verdict();
      const [egid, groupName] =
        group === undefined ? [ALL_GROUPS] : await translateErrors('group', () => groupNamed(group));
      const expires = Math.floor(Date.now() / 1000) + seconds;
      const token = await translateErrors('token', async () => {
        try {
          return await context.client.call('one.user.login', [name, '', seconds, egid], answeredText);
        } catch (error) {
          throw refusalOf(error);
        }
      });
      const login = { id: idOf(uid, token), expires, ...(groupName !== undefined && { group: groupName }) };
      return { ...login, credentials: `${name}:${token}` };
    },

    async list() {
      const { uid } = await verdict();
      return translateErrors('token', async () => {
        const tokens = await kept();
        const names = tokens.some(({ egid }) => egid >= 0) ? await groupNames() : new Map<number, string>();
        return tokens.map(
          ({ token, expires, egid }): Login => ({
            id: idOf(uid, token),
            ...(expires >= 0 && { expires }),
            ...(egid >= 0 && { group: names.get(egid) ?? String(egid) }),
          }),
        );
      });
    },

    async revoke(id) {
      const { uid, name } = await verdict();
      await translateErrors('token', async () => {
        const found = (await kept()).find(({ token }) => idOf(uid, token) === id);
        // An empty token would revoke all of them.
        if (!found || found.token === '') throw new OcciError('notFound', 'You have no token with this id.');
        try {
          await context.client.call('one.user.login', [name, found.token, 0, ALL_GROUPS], answeredText, {
            repeatable: true,
          });
        } catch (error) {
          // Another request has revoked it. The sentence has the token, so it goes nowhere.
          const isGone = error instanceof OneRefusal && /Could not find token/i.test(error.sentence);
          throw isGone ? new OcciError('notFound', 'You have no token with this id.') : error;
        } finally {
          context.forget(`${name}:${found.token}`);
        }
      });
    },
  };
}
