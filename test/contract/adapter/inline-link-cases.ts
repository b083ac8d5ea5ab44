/** Cases about the inline links of a new compute, for clouds with storage and networks to link to. */
import { expect } from '@jest/globals';
import type { LinkDraft, NativeEnd } from '../../../lib/adapter/contract.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { end } from './drafts.ts';
import { idsOf, listOf } from './listings.ts';
import { fails } from './validity.ts';
import type { Workbench } from './workbench.ts';

export function inlineLinkCases(bench: Workbench): void {
  const { holds, own, kind, eventually, ready, make, gone, terms, neverGiven } = bench;
  const has = (...wanted: KindTerm[]) => wanted.every((term) => terms.includes(term));
  if (!has('networkinterface', 'storagelink', 'network', 'storage')) return;
  const link = (term: KindTerm, target: NativeEnd): LinkDraft => ({
    kind: term,
    attributes: {},
    mixins: [],
    target,
  });

  holds('compute', 'is made with its links', ['create'], async () => {
    const [network, storage] = [await ready('network'), await ready('storage')];
    const drafts = [link('networkinterface', end(network)), link('storagelink', end(storage))];
    const made = await make(own(), 'compute', { links: drafts });
    // The cloud may add links of its own to a compute.
    expect(made.links?.slice(0, 2).map((one) => [one.kind, one.source, one.target])).toEqual([
      ['networkinterface', end(made), end(network)],
      ['storagelink', end(made), end(storage)],
    ]);
    await eventually(async () => {
      const listed = (await listOf(kind('compute'))).items.find((one) => one.id === made.id);
      expect(listed?.links?.map((one) => one.id).sort()).toEqual(made.links?.map((one) => one.id).sort());
      for (const one of made.links ?? []) expect((await kind(one.kind).get(one.id)).source).toEqual(end(made));
    });
  });

  holds('compute', 'is not made when one of its links cannot be', ['create'], async () => {
    const [network, storage] = [await ready('network'), await ready('storage')];
    const before = (await idsOf(kind('compute'))).items;
    const missing = { kind: 'storage', id: neverGiven(storage.id) } as const;
    const drafts = [
      link('networkinterface', end(network)),
      link('storagelink', end(storage)),
      link('storagelink', missing),
    ];
    expect(await fails(make(own(), 'compute', { links: drafts }), 'invalid')).toContain('storage');
    expect((await idsOf(kind('compute'))).items.filter((id) => !before.includes(id))).toEqual([]);
    await kind('storage').remove!(storage.id);
    await kind('network').remove!(network.id);
  });

  holds('compute', 'takes its links with it', ['create', 'remove'], async () => {
    const [network, storage] = [await ready('network'), await ready('storage')];
    const drafts = [link('networkinterface', end(network)), link('storagelink', end(storage))];
    const made = await ready('compute', { links: drafts });
    await fails(kind('storage').remove!(storage.id), 'conflict');
    await fails(kind('network').remove!(network.id), 'conflict');
    await kind('compute').remove!(made.id);
    await gone('compute', made.id);
    for (const one of made.links ?? []) await fails(kind(one.kind).get(one.id), 'notFound');
    await eventually(() => kind('storage').remove!(storage.id));
    await eventually(() => kind('network').remove!(network.id));
  });
}
