import { randomBytes } from 'node:crypto';
import type { Method } from '../method.ts';
import { authorize } from '../permissions.ts';
import { CODE, Refusal } from '../refusal.ts';

const MAX_TOKENS = 10;

export const login: Method = {
  takes: ['ssi', 'i'],
  run: (call) => {
    const { site, who } = call;
    const [name, token, seconds, egid] = [call.text(0), call.text(1), call.number(2), call.number(3)];
    const user = site.userNamed(name);
    const refuse = (sentence: string): never => {
      throw new Refusal(CODE.api, sentence);
    };
    if (!user) return refuse(`User ${name} not found`);
    if (user.id !== who.uid) authorize(who, 'ADMIN', user);
    if (seconds < -1) refuse('Wrong valid period for token');
    const now = Date.now() / 1000;
    if (seconds === 0) {
      if (token !== '' && !user.tokens.some((one) => one.token === token)) refuse(`Could not find token: ${token}`);
      user.tokens = token === '' ? [] : user.tokens.filter((one) => one.token !== token);
      return token;
    }
    if (egid >= 0 && !user.groups.has(egid)) refuse('EGID is not in user group list');
    if (who.scoped && egid < 0) refuse('Cannot create a full token with a specific group token');
    user.tokens = user.tokens.filter(({ expires }) => expires < 0 || expires > now);
    if (user.tokens.length >= MAX_TOKENS) refuse('Max number of tokens limit reached.');
    const made = token === '' ? randomBytes(20).toString('hex') : token;
    user.tokens.push({ token: made, expires: seconds < 0 ? -1 : Math.floor(now) + seconds, egid });
    return made;
  },
};
