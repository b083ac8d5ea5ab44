/** The URIs of a text/uri-list body (RFC 2483). The endpoint never reads one; clients and these tests do. */
export const readUriList = (body: string): string[] =>
  body
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
