/** Which web pages may use the endpoint: the setting `cors`. */
import * as z from 'zod';
import { isMap } from './cross-field.ts';

const origin = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/,
    'must be scheme and host in small letters, without a path: https://example.org',
  );

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be the name of a header, such as X-Api-Key');

export const cors = z
  .strictObject({
    origins: z
      .union([z.literal('*'), z.array(origin).min(1).max(100)], { error: 'must be * or a list of origins' })
      .describe('Origins whose pages may use the endpoint from a browser; `*` allows every origin.'),
    credentials: z
      .boolean()
      .default(false)
      .describe('Whether browsers may send cookies and stored HTTP credentials. Must be `false` with `origins: "*"`.'),
    headers: z
      .array(headerName)
      .max(50)
      .default([])
      .describe(
        'Request headers that pages may send beside those of OCCI clients, such as the header an authorizer reads. ' +
          'Signed AWS requests need X-Amz-Date, X-Amz-Security-Token and X-Amz-Content-Sha256.',
      ),
    maxAge: z
      .int()
      .min(0)
      .max(86_400)
      .default(600)
      .describe('Seconds for which a browser may cache the answer to a preflight request.'),
  })
  .refine(({ origins, credentials }) => !(origins === '*' && credentials === true), {
    path: ['credentials'],
    error: 'must be false with origins *: browsers refuse that, and any page could act for its reader',
    when: isMap,
  });
