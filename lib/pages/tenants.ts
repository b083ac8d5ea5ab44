/** `/.well-known/tenants`: the tenants that an admin can see, in JSON or one a line. */
import { authenticate } from '../auth/index.ts';
import { requireKind } from '../auth/permissions.ts';
import { OcciError } from '../errors.ts';
import type { Page } from '../request/page.ts';
import { answered, methodsShown, noSuchMethod } from './answer.ts';

const METHODS = 'GET, HEAD, OPTIONS';

export const tenants: Page = {
  operation: 'tenants',
  async respond({ request, service, trail, admit }) {
    const caller = await authenticate(request, service.schemes);
    trail.caller = caller;
    requireKind(caller.scope?.kinds, undefined);
    if (caller.grants[0].role !== 'admin') throw new OcciError('forbidden', 'Only an admin may see the tenants.');
    if (request.method === 'OPTIONS') return methodsShown(request, METHODS);
    if (request.method !== 'GET' && request.method !== 'HEAD') throw noSuchMethod(request, METHODS);
    await admit(caller);
    const names = ((await service.tenants?.all()) ?? []).map(({ name }) => name);
    return answered(request, { json: { tenants: names }, text: names.map((name) => `${name}\n`).join('') });
  },
};
