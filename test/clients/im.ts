/**
 * How the Infrastructure Manager reads text: by `find`, `split` and `strip` alone. What Python's functions do is done
 * here to the letter, since a carriage return or a line end too many is what has broken it.
 */

/** `os.path.basename`: all that follows the last slash. */
export const basename = (text: string) => text.slice(text.lastIndexOf('/') + 1);

const unquoted = (text = '') => text.replace(/^"+|"+$/g, '');

/** What stands behind an equals sign in pieces of a line. */
function pieces(line: string): ReadonlyMap<string, string> {
  const pairs = line.split(';').map((piece) => piece.split('='));
  return new Map(pairs.map(([key = '', value]) => [key.trim(), unquoted(value)]));
}

/** The value of an attribute, undefined where no line has it. */
export function attributeValue(text: string, name: string): string | undefined {
  const line = text.split('\n').find((one) => one.includes(`X-OCCI-Attribute: ${name}=`));
  return line === undefined ? undefined : unquoted(line.split('=')[1]);
}

/** The scheme of the first category whose line begins like the name and holds `type` anywhere. CLIENT-15. */
export function schemeOf(model: string, name: string, type: string): string | undefined {
  const line = model.split('\n').find((one) => one.includes(`Category: ${name}`) && one.includes(type));
  const pairs = (line ?? '').split(';').map((piece) => piece.split('='));
  return pairs.find(([key = '']) => key.trim() === 'scheme')?.[1]?.replaceAll(/["']/g, '');
}

/** A property of a category, from the pieces that have one equals sign. CLIENT-19. */
export function propertyOf(model: string, category: string, property: string): string | undefined {
  const lines = model.split('\n').filter((line) => line.includes(`Category: ${category};`));
  const pairs = lines.flatMap((line) => line.split(';').map((piece) => piece.split('=')));
  return unquoted(pairs.find((pair) => pair.length === 2 && pair[0]!.trim() === property)?.[1]);
}

export interface Volume {
  readonly link: string;
  readonly storage: string;
  readonly device: string | undefined;
}

/** The volumes of a machine. CLIENT-20. */
export function attachedVolumes(machine: string): readonly Volume[] {
  const lines = machine.split('\n').filter((line) => line.includes('Link:') && line.includes('/storage/'));
  return lines.map(pieces).flatMap((line) => {
    const [link, storage] = [line.get('self'), line.get('occi.core.target')];
    return link && storage ? [{ link, storage, device: line.get('occi.storagelink.deviceid') }] : [];
  });
}

export interface Interface {
  /** The number in `eth0`. */
  readonly number: string;
  readonly address: string;
  readonly link: string | undefined;
}

/** The network interfaces of a machine that have a number and an address. CLIENT-20. */
export function interfaces(machine: string): readonly Interface[] {
  const lines = machine.split('\n').filter((line) => line.includes('Link:') && line.includes('/network/'));
  return lines.map(pieces).flatMap((line) => {
    const number = /\d+/.exec(line.get('occi.networkinterface.interface') ?? '')?.[0];
    const address = line.get('occi.networkinterface.address');
    return number && address ? [{ number, address, link: line.get('self') }] : [];
  });
}

/** The locations in a listing. */
export const locations = (listing: string): readonly string[] =>
  listing.split('\n').flatMap((line) => (line.startsWith('X-OCCI-Location: ') ? [line.slice(17)] : []));

/**
 * The network that is taken for a machine (`get_net_name`): the only one, where the listing has one line. Else one whose
 * address is of the kind that is wanted, then one with a name that is known; else a line by chance, which is an empty
 * name where the listing ends in a line end. `undefined` where chance decides.
 */
export function onlyNetwork(listing: string): string | undefined {
  const lines = listing.split('\n');
  return lines.length === 1 && lines[0]!.startsWith('X-OCCI-Location: ') ? basename(lines[0]!.slice(17)) : undefined;
}

/** Headers that its HTTP library adds by itself. */
export const AGENT = { 'User-Agent': 'python-requests/2.18.4', 'Accept-Encoding': 'gzip, deflate' } as const;

/** Headers of every request, and of one with a body: two types in one Content-Type. CLIENT-1. */
export const HEADERS = { ...AGENT, Accept: 'text/plain', Connection: 'close' } as const;
export const HEADERS_WITH_BODY = { ...HEADERS, 'Content-Type': 'text/plain,text/occi' } as const;
