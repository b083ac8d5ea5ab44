/** `GET /.well-known/quota`: the limits of the caller's tenant, and what is left of each. */
import { authenticate } from '../auth/index.ts';
import { OcciError } from '../errors.ts';
import type { LimitName } from '../quota/limits.ts';
import { type Usage, usageOf } from '../quota/usage.ts';
import type { Page } from '../request/page.ts';
import { answered, methodsShown } from './answer.ts';

const METHODS = 'GET, HEAD, OPTIONS';

const IN_GIB: readonly LimitName[] = ['memory', 'storage'];

function line(name: LimitName, { limit, left, reset }: Usage): string {
  if (limit === null) return `${name}: no limit`;
  const unit = IN_GIB.includes(name) ? ' GiB' : '';
  return `${name}: ${left} of ${limit}${unit} left${reset === undefined ? '' : ` until ${reset}`}`;
}

export const quota: Page = {
  operation: 'quota',
  async respond({ request, service, trail, backendOf }) {
    const caller = await authenticate(request, service.schemes);
    trail.caller = caller;
    if (request.method === 'OPTIONS') return methodsShown(request, METHODS);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new OcciError('methodNotAllowed', 'The quota can only be read.', { headers: { Allow: METHODS } });
    }
    const backend = await backendOf(caller.grants[0], caller);
    trail.record.tenant = backend.tenant;
    await backend.quota?.admit();
    const usage = await usageOf(backend.quota);
    const lines = Object.entries(usage).map(([name, one]) => line(name as LimitName, one));
    const text = [`tenant: ${backend.tenant}`, ...lines, ''].join('\n');
    return answered(request, { json: { tenant: backend.tenant, ...usage }, text });
  },
};
