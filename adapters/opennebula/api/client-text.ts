/** Makes OpenNebula's own messages fit for users: removes calls, paths, native ids, users and files. */

/** Longest text that is taken over, in characters. */
const MAX_TEXT_CHARS = 300;
/** Of a longer one only the beginning is looked at: users may write some of them. */
const MAX_SCANNED_CHARS = 2000;

/** 7.x sends its readers to a log that users do not have, also where it has cut a message. */
const SEE_LOG = / ?\b(?:see more details in|check) (?:the )?VM log\b(?: for detailed reasons)?\.?/gi;

/**
 * What OpenNebula says, as one line without its internals: `[one.vm.action] User [2] : …`, `/var/lib/one/…`, ids and
 * hosts' dates are left out. '' when nothing is left.
 */
export const clientText = (text: string): string =>
  text
    .slice(0, MAX_SCANNED_CHARS)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/^ ?\[[\w.]+\] ?/, '')
    .replace(/\b(user|group)s? \[-?\d+\]\s*:?\s*/gi, '')
    .replace(/ ?\[-?\d+\]/g, '')
    .replace(/ ?with ID:? ?\d+/gi, '')
    .replace(
      /\b(VM|VMs|image|network|disk|host|datastore|cluster|template|snapshot|(?:DISK|NIC|SG|VM)_ID)(:? )\d+\b/gi,
      '$1',
    )
    .replace(/(^|[\s"'(=:])(\/[^\s"')]+)/g, '$1(a file)')
    .replace(/^[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ [\d:]{8} \d{4}\s*:\s*/, '')
    .replace(SEE_LOG, '')
    .replace(/ +/g, ' ')
    .replace(/ ([.,;:])/g, '$1')
    .trim()
    .slice(0, MAX_TEXT_CHARS);

/** A sentence of it: with a capital and a full stop. */
export function sentence(text: string): string {
  const words = clientText(text).replace(/[.;:,\s]+$/, '');
  return words === '' ? '' : `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}
