/** Cases about the cloud as a whole: kinds, callers, catalogue, outages. */
import { expect } from '@jest/globals';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import { typeId } from '../../../lib/occi/types.ts';
import { asKind } from './listings.ts';
import { methodsOf } from './methods.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

/** A name of a tenant: the endpoint escapes what its keys cannot hold. */
const TENANT = /^\S{1,256}$/u;

export function cloudCases(bench: Workbench): void {
  const { holds, cloud, own, adapterOf, terms, under } = bench;
  holds('the cloud', 'serves the kinds that it says', [], async () => {
    expect(Object.keys(own().kinds).sort()).toEqual([...terms].sort());
    for (const term of terms) {
      const methods = methodsOf(own().kinds, term);
      // Kinds given by name must have all methods, unless the cases of the missing ones are skipped with a reason.
      if (!Array.isArray(under.kinds)) expect([term, methods]).toEqual([term, methodsOf(under.kinds, term)]);
      else if (!methods.includes('create'))
        throw new Error(`${term} has no create: give the contract kinds: own().kinds, and it leaves out what needs it`);
    }
  });

  holds('the cloud', 'knows each caller by one stable name that is safe in a key', [], async () => {
    const tenant = await own().identify();
    const other = await adapterOf('other/caller#').identify();
    for (const name of [tenant, other]) expect(name).toMatch(TENANT);
    expect(await cloud().adapter().identify()).toBe(tenant);
    expect(other).not.toBe(tenant);
  });

  holds('the cloud', 'offers mixins that depend on a base it acts on', [], async () => {
    const { mixins, defaultOsTemplate } = await own().catalogue();
    const bases = own().mixins.map((name) => typeId(MIXINS[name]));
    for (const mixin of mixins) {
      expect(mixin.depends?.some((base) => bases.includes(base))).toBe(true);
      expect(mixin.location).toMatch(/^\/[^\s]+\/$/);
      expect(mixin.term).toMatch(/^[a-z0-9][a-z0-9_.-]*$/);
      expect(mixin.title ?? '').not.toMatch(/[,;]/);
    }
    expect(new Set(mixins.map(typeId)).size).toBe(mixins.length);
    expect(new Set(mixins.map((mixin) => mixin.location)).size).toBe(mixins.length);
    if (defaultOsTemplate !== undefined) expect(mixins.map(typeId)).toContain(defaultOsTemplate);
  });

  holds('the cloud', 'refuses a caller that it does not know', [], async () => {
    const { refused } = cloud();
    if (!refused)
      throw new Error('give `refused`, a caller that the cloud does not accept, or skip this case with a reason');
    await fails((async () => refused().identify())(), 'unauthenticated');
  });

  holds('the cloud', 'says so when it is down', [], async () => {
    const { down } = cloud();
    if (!down) throw new Error('give `down`, an adapter whose cloud does not answer, or skip this case with a reason');
    for (const term of terms) await fails(asKind(down(), term).list({}), 'unavailable');
  });
}
