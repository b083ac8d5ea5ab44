import type { Call, Method, Methods } from '../method.ts';
import { authorize, may } from '../permissions.ts';
import { quotasFrom, quotasXml } from '../quotas.ts';
import { CODE, notAuthorized, Refusal } from '../refusal.ts';
import { Group, type Site, User } from '../site.ts';
import { parseTemplate, storable } from '../template-parser.ts';
import { defaultQuotas } from '../users.ts';
import { escaped, plain } from '../xml.ts';
import { EscapedText } from '../xml-rpc-answer.ts';
import { login } from './login.ts';
import { merged } from './objects.ts';

const userOf = (call: Call): User => call.site.users.must(call.number(0) < 0 ? call.who.uid : call.number(0));

const administrator = (call: Call, what: string): void => {
  if (!call.who.admin) throw notAuthorized(call.who.uid, `Not authorized to perform ${what}.`);
};

const refusePassword = (password: string): void => {
  if (password === '') throw new Refusal(CODE.internal, 'Invalid password, it cannot be empty.');
  const wrong = /[\s]/.exec(password);
  if (wrong) throw new Refusal(CODE.internal, `Invalid password, character '${wrong[0]}' is not allowed.`);
};

const allocate: Method = {
  takes: ['sss', 'A'],
  run: (call) => {
    const { site } = call;
    administrator(call, 'CREATE USER');
    const [name, password, driver] = [call.text(0), call.text(1), call.text(2) || 'core'];
    refusePassword(password);
    const taken = site.userNamed(name);
    if (taken) throw new Refusal(CODE.internal, `NAME is already taken by USER ${taken.id}.`);
    const [gid = 1, ...others] = call.numbers(3);
    return addUser(site, { name, password, driver: driver as User['driver'], gid, others }).id;
  },
};

export const addUser = (
  site: Site,
  {
    name,
    password,
    driver,
    gid,
    others = [],
    id,
  }: { name: string; password: string; driver?: User['driver']; gid: number; others?: number[]; id?: number },
): User => {
  const user = site.make(site.users, User, name, id);
  Object.assign(user, { uid: user.id, gid, password, driver: driver ?? 'core' });
  for (const group of [gid, ...others]) user.groups.add(group);
  return user;
};

/** All that the caller may see, each with its quotas beside it. */
const pool = (element: string, whose: 'user' | 'group'): Method => ({
  takes: [''],
  run: ({ site, who }) => {
    const all: readonly (User | Group)[] = whose === 'user' ? site.users.ascending() : site.groups.ascending();
    const seen = [...all]
      .reverse()
      .filter((one) => (whose === 'user' && !who.admin ? one.id === who.uid : may(who, 'USE', one)));
    const written = seen.map(
      (one) => one.render() + plain('QUOTAS', plain('ID', one.id) + quotasXml(site, whose, one)),
    );
    return new EscapedText(
      escaped(plain(element, written.join('') + defaultQuotas(whose === 'user' ? 'USER' : 'GROUP'))),
    );
  },
});

const changed = (change: (user: User, call: Call) => void, takes: string[]): Method => ({
  takes,
  run: (call) => {
    const user = userOf(call);
    administrator(call, `ADMIN USER [${user.id}]`);
    change(user, call);
    user.touch();
    return user.id;
  },
});

export const userMethods: Methods = {
  'one.user.info': {
    takes: ['i', 'b'],
    run: (call) => {
      const user = userOf(call);
      authorize(call.who, 'USE', user);
      return user.info();
    },
  },
  'one.user.login': login,
  'one.user.allocate': allocate,
  'one.user.update': {
    takes: ['is', 'i'],
    run: (call) => {
      const user = userOf(call);
      authorize(call.who, 'MANAGE', user);
      const template = storable(parseTemplate(call.text(1), CODE.action));
      if (template) user.template = merged(user.template, template, call.number(2, 0));
      return user.id;
    },
  },
  'one.user.quota': changed(
    (user, call) => {
      user.quotas = quotasFrom(parseTemplate(call.text(1), CODE.internal));
    },
    ['is'],
  ),
  'one.user.enable': changed(
    (user, call) => {
      user.enabled = call.flag(1);
    },
    ['ib'],
  ),
  'one.user.addgroup': changed((user, call) => void user.groups.add(call.site.groups.must(call.number(1)).id), ['ii']),
  'one.user.delgroup': changed((user, call) => void user.groups.delete(call.number(1)), ['ii']),
  'one.userpool.info': pool('USER_POOL', 'user'),
  'one.group.info': {
    takes: ['i', 'b'],
    run: (call) => {
      const group = call.site.groups.must(call.number(0) < 0 ? call.who.gid : call.number(0));
      authorize(call.who, 'USE', group);
      return group.info();
    },
  },
  'one.group.allocate': {
    takes: ['s'],
    run: (call) => {
      administrator(call, 'CREATE GROUP');
      call.site.groups.next = Math.max(100, call.site.groups.next);
      return call.site.make(call.site.groups, Group, call.text(0)).id;
    },
  },
  'one.grouppool.info': pool('GROUP_POOL', 'group'),
};
