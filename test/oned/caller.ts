/** A client for tests of the stand-in itself: sends a call and reads the tuple of the answer. */
export type Item = string | number | boolean;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const written = (param: Item): string => {
  if (typeof param === 'string') return `<string>${escaped(param)}</string>`;
  return typeof param === 'number' ? `<i4>${param}</i4>` : `<boolean>${param ? 1 : 0}</boolean>`;
};

export const requestBody = (method: string, params: readonly Item[]): string => {
  const values = params.map((param) => `<param><value>${written(param)}</value></param>`);
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${values.join('')}</params></methodCall>`;
};

/** The items of the answer; XML is decoded once. */
export const call = async (endpoint: string, method: string, ...params: Item[]): Promise<Item[]> => {
  const answer = await fetch(endpoint, { method: 'POST', body: requestBody(method, params) });
  const items = (await answer.text()).matchAll(/<value><(boolean|string|i4|i8)>([^<]*)/g);
  return [...items].map(([, type, value]) => {
    if (type === 'boolean') return value === '1';
    if (type !== 'string') return Number(value);
    return value!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  });
};
