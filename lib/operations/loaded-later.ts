/**
 * Operations that no client begins with: what they answer and use is said here, their code is loaded with the first
 * request for it.
 */
import type { Operation, Target } from './operation.ts';
import { DESCRIPTION, NAMES, SELECTION } from './reads.ts';

type MixinCollection = Target & { is: 'mixinCollection' };
type Entity = Target & { is: 'entity' };
type Collection = Target & { is: 'kindCollection' | 'coreCollection' | 'mixinCollection' };

export const tag: Operation<MixinCollection> = {
  answers: 'collection',
  reads: { query: [], filter: [], payload: NAMES },
  run: async (request, backend) => await (await import('./members.ts')).tag(request, backend),
};

export const members: Operation<MixinCollection> = {
  answers: 'collection',
  reads: { query: [], filter: [], payload: NAMES },
  run: async (request, backend) => await (await import('./members.ts')).members(request, backend),
};

export const untag: Operation<MixinCollection> = {
  answers: 'done',
  reads: { ...SELECTION, query: [...SELECTION.query, 'all'], payload: NAMES },
  run: async (request, backend) => await (await import('./members.ts')).untag(request, backend),
};

export const update: Operation<Entity> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [...DESCRIPTION, 'several', 'itself'] },
  run: async (request, backend) => await (await import('./update.ts')).update(request, backend),
};

export const replace: Operation<Entity> = {
  answers: 'entity',
  reads: { query: [], filter: [], payload: [...DESCRIPTION, 'itself'] },
  run: async (request, backend) => await (await import('./replace.ts')).replace(request, backend),
};

export const act: Operation<Entity> = {
  answers: 'entity',
  reads: { query: ['action'], filter: [], payload: ['categories', 'attributes', 'itself'] },
  run: async (request, backend) => await (await import('./act.ts')).act(request, backend),
};

export const actAll: Operation<Collection> = {
  answers: 'collection',
  reads: { ...SELECTION, query: [...SELECTION.query, 'action'], payload: ['categories', 'attributes', ...NAMES] },
  run: async (request, backend) => await (await import('./act.ts')).actAll(request, backend),
};

export const remove: Operation<Entity> = {
  answers: 'done',
  reads: { query: [], filter: [], payload: ['itself'] },
  run: async (request, backend) => await (await import('./remove.ts')).remove(request, backend),
};

export const removeAll: Operation<Target & { is: 'kindCollection' | 'coreCollection' | 'unbound' }> = {
  answers: 'done',
  reads: { ...SELECTION, query: [...SELECTION.query, 'all'], payload: NAMES },
  run: async (request, backend) => await (await import('./remove.ts')).removeAll(request, backend),
};
