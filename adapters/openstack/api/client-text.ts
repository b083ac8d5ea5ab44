/** Makes OpenStack's own messages fit for users: removes ids, hosts, addresses of services, classes and traces. */

/** Longest text that is taken over, in characters. */
const MAX_TEXT_CHARS = 250;
/** Of a longer one only the beginning is looked at. */
const MAX_SCANNED_CHARS = 2000;

const UUID = '[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}';
const ID = new RegExp(` ?[([{'"]?\\b(?:req-)?${UUID}\\b[)\\]}'"]?`, 'gi');

/** What a service says, as one line without its internals; '' when nothing is left. */
export const clientText = (text: string): string =>
  text
    .slice(0, MAX_SCANNED_CHARS)
    .replace(/Traceback \(most recent call last\)[\s\S]*$/, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(ID, '')
    .replace(/ ?\bhttps?:\/\/[^\s"'<>]+/gi, '')
    .replace(/<class '[^']*'>/g, '')
    .replace(/\b(host|node|hypervisor) ['"][^'"]*['"]/gi, '$1')
    .replace(/\bon host [\w.-]+/gi, 'on its host')
    .replace(/(^|[\s"'(=:])\/[^\s"')]+/g, '$1(a file)')
    .replace(/ +/g, ' ')
    .replace(/ ([.,;:])/g, '$1')
    .trim()
    .slice(0, MAX_TEXT_CHARS);
