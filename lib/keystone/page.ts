/** The login of OpenStack's clients as pages of this endpoint: the versions at the root, and the calls below `/v3` and `/v2.0`. */
import { invited } from '../auth/index.ts';
import { tokensOf } from '../auth/token/scheme.ts';
import type { Page } from '../request/page.ts';
import { respondInJson } from './answer.ts';
import { answerCall } from './calls.ts';
import { versionsAt } from './versions.ts';

/** The answer at the root has no Location, which rOCCI-api would follow, and so see one version only. CLIENT-33 */
export const versionsPage: Page = {
  operation: 'keystone.versions',
  respond: async ({ request }) => respondInJson({ status: 300, body: versionsAt(request.origin) }, request),
};

export const callsPage: Page = {
  operation: 'keystone',
  async respond(context) {
    const { request, service } = context;
    const tokens = tokensOf(service.schemes);
    // The settings have been checked: keystone stands beside token.
    if (!tokens) throw new Error('auth: keystone without token');
    try {
      return respondInJson(await answerCall({ ...context, tokens }), request);
    } catch (error) {
      throw invited(error, service.schemes, request.origin);
    }
  },
};
