/** Settings of the adapter. Credentials of users never come from here; they come with each request. */
import * as z from 'zod';
import { cloudBaseUrl } from '../../lib/config/cloud-url.ts';

export const settings = z.strictObject({
  endpoint: cloudBaseUrl().describe('Base URL of the API, such as https://cloud.example.org/api/.'),
});
export type Settings = z.infer<typeof settings>;
