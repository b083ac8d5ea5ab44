/** How VMDIRAC reads text and makes a machine of it. CLIENT-3, CLIENT-9 and CLIENT-24. */

interface Category {
  readonly scheme: string;
  readonly location?: string | undefined;
  readonly title?: string | undefined;
}

/** By class, then by term: of two categories with one term the later wins. */
export type Schemes = ReadonlyMap<string, ReadonlyMap<string, Category>>;

/** Headers that its HTTP library adds by itself. */
export const HEADERS = { 'User-Agent': 'python-requests/2.18.4', Accept: '*/*', 'Accept-Encoding': 'gzip, deflate' };
export const HEADERS_WITH_BODY = {
  Accept: 'text/plain,text/occi',
  'Content-Type': 'text/plain,text/occi',
  Connection: 'close',
} as const;

/** The model without its first line, which is expected to say nothing. Throws for a category without class. */
export function schemesIn(model: string): Schemes {
  const schemes = new Map<string, Map<string, Category>>();
  for (const line of model.split('\n').slice(1)) {
    if (line === '') continue;
    const parts = line.split(';');
    const value = (name: string) => {
      const part = parts.findLast((one) => one.includes(`${name}=`));
      return part?.trim().replace(`${name}=`, '').replaceAll('"', '');
    };
    const [of, scheme] = [value('class'), value('scheme')];
    if (of === undefined || scheme === undefined) throw new Error(`no class or scheme in ${line}`);
    const term = parts[0]!.slice(parts[0]!.indexOf(':') + 1).trim();
    if (!schemes.has(of)) schemes.set(of, new Map());
    schemes.get(of)!.set(term, { scheme, location: value('location'), title: value('title') });
  }
  return schemes;
}

/** A category as it is sent back: location before title. */
export function renderCategory(schemes: Schemes, term: string, of: string): string {
  const { scheme, location, title } = schemes.get(of)!.get(term)!;
  const rest = `${location ? `; location="${location}"` : ''}${title ? `; title="${title}"` : ''}`;
  return `Category: ${term}; scheme="${scheme}"; class="${of}"${rest}\n`;
}

/** `text.split()`: the words of a text. */
export const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** The networks of a listing: the last segment of the second word of every line, be it empty or not. */
export function networksIn(listing: string): readonly string[] {
  return listing.split('\n').map((line) => {
    const word = words(line)[1];
    if (word === undefined) throw new Error('list index out of range');
    return word.split('/').at(-1)!;
  });
}

/** The state of a machine: what follows the equals sign in the last line that names it. */
export function stateIn(machine: string): string {
  const line = machine.split('\n').findLast((one) => one.includes('occi.compute.state'));
  return line?.split('=')[1]?.replaceAll('"', '') ?? 'Unknown';
}
