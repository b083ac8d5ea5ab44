import type { Call, Method } from '../method.ts';
import { checkName } from '../names.ts';
import { authorize, type Right } from '../permissions.ts';
import type { Pool } from '../pool.ts';
import { type Lock, NAMED, type PoolObject } from '../pool-object.ts';
import { CODE, Refusal } from '../refusal.ts';
import type { Site } from '../site.ts';
import type { Template } from '../template.ts';
import { parseTemplate, storable } from '../template-parser.ts';
import { escaped } from '../xml.ts';
import { EscapedText } from '../xml-rpc-answer.ts';

type Of<T extends PoolObject> = (site: Site) => Pool<T>;

/** The object of the first parameter, if the caller has the right to it. */
export const object = <T extends PoolObject>(call: Call, of: Of<T>, right: Right): T => {
  const found = of(call.site).must(call.number(0));
  authorize(call.who, right, found);
  return found;
};

/** A lock does not hide anything: info goes by permissions alone. */
export const info = <T extends PoolObject>(
  of: Of<T>,
  form?: (one: T, call: Call) => string,
  takes = ['i', 'b'],
): Method => ({
  takes,
  run: (call) => {
    const found = of(call.site).must(call.number(0));
    authorize(call.who, 'USE', found, 'ignores');
    return new EscapedText(form ? escaped(form(found, call)) : found.poolXml());
  },
});

export const rename = <T extends PoolObject>(of: Of<T>, unique: boolean): Method => ({
  takes: ['is'],
  run: (call) => {
    const found = object(call, of, 'MANAGE');
    const name = call.text(1);
    checkName(name, CODE.action);
    const other = unique ? of(call.site).named(name, found.uid) : undefined;
    if (other && other !== found) {
      const { title } = NAMED[found.kind];
      throw new Refusal(
        CODE.action,
        `${title} cannot be renamed to ${name} because it collides with ${title} ${other.id}`,
      );
    }
    found.name = name;
    found.touch();
    return found.id;
  },
});

export const merged = (old: Template, update: Template, mode: number): Template => {
  if (mode === 0) return update;
  const result = old.copy();
  result.merge(update);
  return result;
};

/**
 * `0` replaces, `1` appends. What cannot be stored is accepted, and nothing changes (measured on 6.10 and 7.4).
 */
export const update = <T extends PoolObject>(
  of: Of<T>,
  change: (found: T, update: Template, mode: number, call: Call) => void,
): Method => ({
  takes: ['is', 'i'],
  run: (call) => {
    const mode = call.number(2, 0);
    if (mode !== 0 && mode !== 1) throw new Refusal(CODE.api, 'Wrong update type');
    const found = object(call, of, 'MANAGE');
    const parsed = parseTemplate(call.text(1), CODE.action);
    if (storable(parsed)) change(found, storable(parsed)!, mode, call);
    found.touch();
    return found.id;
  },
});

export const chmod = <T extends PoolObject>(of: Of<T>): Method => ({
  takes: ['iiiiiiiiii'],
  run: (call) => {
    const found = object(call, of, 'MANAGE');
    found.permissions = found.permissions.map((old, bit) => (call.number(bit + 1) < 0 ? old : call.number(bit + 1)));
    found.touch();
    return found.id;
  },
});

/** Administrators change the owner and the group of an object; −1 leaves the current one. */
export const chown = <T extends PoolObject>(of: Of<T>): Method => ({
  takes: ['iii'],
  run: (call) => {
    const found = object(call, of, 'ADMIN');
    const [uid, gid] = [call.number(1), call.number(2)];
    if (uid >= 0) found.uid = call.site.users.must(uid).id;
    if (gid >= 0) found.gid = call.site.groups.must(gid).id;
    found.touch();
    return found.id;
  },
});

/** Levels of the call: 1 use, 2 manage, 3 admin, 4 all; the answer shows 4 as 1. */
export const lock = <T extends PoolObject>(of: Of<T>): Method => ({
  takes: ['ii', 'b'],
  run: (call) => {
    const found = object(call, of, 'MANAGE');
    const level = call.number(1);
    found.lock = { level: level === 4 ? 1 : level, owner: call.who.uid, time: call.site.now() } satisfies Lock;
    found.touch();
    return found.id;
  },
});

export const unlock = <T extends PoolObject>(of: Of<T>): Method => ({
  takes: ['i'],
  run: (call) => {
    const found = of(call.site).must(call.number(0));
    authorize(call.who, 'MANAGE', found, 'ignores');
    found.lock = undefined;
    found.touch();
    return found.id;
  },
});
