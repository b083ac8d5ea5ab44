/** Requests that were valid before something in them was changed, for tests that send anything. */
import fc from 'fast-check';
import type { Call } from '../endpoint.ts';
import { action, CRTP, category, entity, INFRASTRUCTURE, plain, RENDERINGS } from '../lib/operations/payloads.ts';

const SIGNS = [...'"\\;,=:<>#{}[] \t\n/%', '\\"', '\r\n', '//', '..', '%00'];
const CHARACTERS = ['\u0000', '\u007f', '\ufeff', '\ud800', '😀', 'é'];
const VALUES = ['null', 'true', '1e400', '-0', '99999999999999999999', '0.1', '__proto__', 'constructor', 'urn:uuid:'];
const FIELDS = ['Category:', 'Link: ', 'X-OCCI-Attribute: ', 'X-OCCI-Location: ', 'class="kind"', 'rel=', 'self="'];
const NAMES = ['occi.compute.cores', 'occi.core.id', INFRASTRUCTURE, '?action=start', '{"kind":', '"links":[', '"id"'];

/** Pieces that mean something to a parser. */
export const piece = fc.constantFrom(...SIGNS, ...CHARACTERS, ...VALUES, ...FIELDS, ...NAMES);

/** A valid text with a few places changed. */
export const mutated = (text: string) =>
  fc
    .array(fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.oneof(piece, fc.string({ maxLength: 4 }))), { maxLength: 4 })
    .map((edits) =>
      edits.reduce((before, [where, gone, put]) => {
        const at = where % (before.length + 1);
        return before.slice(0, at) + put + before.slice(at + gone);
      }, text),
    );

/** What a header can hold; other characters never leave a client. */
export const inHeader = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  Buffer.from(text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ''))
    .toString('latin1')
    .trim();

/** Every kind of write, on a compute and a storage that are there. */
export const validWrites = (web: string, disk: string): [method: string, path: string, call: Call][] =>
  RENDERINGS.flatMap((mediaType): [string, string, Call][] => {
    const links = [{ kind: 'storagelink', target: disk, attributes: { 'occi.storagelink.mountpoint': '/srv' } }];
    const whole = entity(mediaType, {
      kind: 'compute',
      mixins: [`${CRTP}small`],
      attributes: { 'occi.core.title': 'a "b"', 'occi.compute.cores': 2 },
      links,
    });
    const stop = action(mediaType, `${INFRASTRUCTURE.replace('#', '')}/compute/action#stop`, { method: 'graceful' });
    const rules = [{ type: 'inbound', protocol: 'tcp', port: '22', range: '0.0.0.0/0' }];
    return [
      ['POST', '/compute/', whole],
      ['POST', '/', entity(mediaType, { kind: 'storage', attributes: { 'occi.storage.size': 1.5 } })],
      ['PUT', '/compute/fuzz', whole],
      ['POST', web, entity(mediaType, { attributes: { 'occi.core.title': 'new' } })],
      ['PUT', web, entity(mediaType, { kind: 'compute' })],
      ['POST', `${web}?action=stop`, stop],
      ['POST', '/compute/?action=stop', stop],
      [
        'POST',
        '/securitygroup/',
        entity(mediaType, { kind: 'securitygroup', attributes: { 'occi.securitygroup.rules': rules } }),
      ],
      [
        'POST',
        '/storagelink/',
        entity(mediaType, { kind: 'storagelink', attributes: { 'occi.core.source': web, 'occi.core.target': disk } }),
      ],
      ['POST', '/-/', plain(`Category: ${category('http://example.org/fuzz#tag', 'mixin')}; location="/fuzz/tag/"`)],
      ['POST', '/mixin/os_tpl/debian12/', plain(`X-OCCI-Location: ${web}`)],
      ['DELETE', '/storage/', plain(`X-OCCI-Location: ${disk}x`)],
    ];
  });
