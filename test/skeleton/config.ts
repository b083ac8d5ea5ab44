/** Settings of the adapter. Credentials of users never come from here; they come with each request. */
import * as z from 'zod';
import type { AuthSettings } from '../../lib/config/auth/index.ts';
import { cloudBaseUrl } from '../../lib/config/cloud-url.ts';

export const settings = z.strictObject({
  endpoint: cloudBaseUrl().describe('Base URL of the API, such as https://cloud.example.org/api/.'),
});
export type Settings = z.infer<typeof settings>;

/** The cloud accepts only the caller's own password, so the endpoint must ask for it. */
export const accepts = (_: Settings, schemes: AuthSettings): string | undefined =>
  schemes.every((scheme) => scheme === 'basic')
    ? undefined
    : 'must hold basic alone: the cloud needs the password of each caller';
