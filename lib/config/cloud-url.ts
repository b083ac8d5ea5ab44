/** URLs of a cloud in the settings of its adapter. */
import * as z from 'zod';

/** True for http and https without user and password, which would reach the log. Text that is no URL has its own error. */
const isPlain = (text: string): boolean => {
  if (!URL.canParse(text)) return true;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
};

/** The URL of one endpoint. */
export const cloudUrl = () => z.url().refine(isPlain, 'must be an http or https URL without user and password');

const isBase = (text: string): boolean => !/[?#]/.test(text);

/** The URL below which all paths of an API lie. It ends in a slash, which is added where it is missing. */
export const cloudBaseUrl = () =>
  cloudUrl()
    .refine(isBase, 'must have neither query nor fragment')
    .transform((url) => (url.endsWith('/') ? url : `${url}/`));
