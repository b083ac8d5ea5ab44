import { createCipheriv, createHash } from 'node:crypto';
import type { OpenNebula } from './index.ts';
import { type Recording, recordings } from './recordings.ts';
import { imageScenes } from './scenes/images.ts';
import { networkScenes } from './scenes/networks.ts';
import { peopleScenes } from './scenes/people.ts';
import { poolScenes } from './scenes/pools.ts';
import { groupScenes } from './scenes/security-groups.ts';
import { type Scene, Stage } from './scenes/stage.ts';
import { tried, vmScenes, web } from './scenes/vm.ts';
import { callScenes } from './scenes/vm-calls.ts';
import { actionScenes, stateScenes } from './scenes/vm-states.ts';

const named: Readonly<Record<string, Scene>> = {
  ...{ ...callScenes, ...imageScenes, ...networkScenes, ...peopleScenes, ...poolScenes, ...groupScenes },
  ...prefixed('one.vm.info--', { ...vmScenes, ...stateScenes }),
  ...prefixed('one.vm.action--', actionScenes),
};

function prefixed(prefix: string, scenes: Readonly<Record<string, Scene>>): Record<string, Scene> {
  return Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [prefix + name, scene]));
}

/** The template that a recorded update sends, and that the readback after it must show. */
const updateOf = (name: string): string | undefined => {
  const found = recordings.find((one) => one.name === name);
  const strings = [...(found?.request.body.matchAll(/<string>([\s\S]*?)<\/string>/g) ?? [])].map(([, text]) => text!);
  return strings[1]
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#13;', '\r')
    .replaceAll('&amp;', '&')
    .replace(/\r\n?/g, '\n');
};

/** What a refused update leaves: the template before it, as it was read back. */
const LEFT: Readonly<Record<string, string>> = {
  'backslash-end-swallows': 'V = "C:\\\\dir\\\\f"',
  'dq-unescaped': 'V = "say"',
  'vector-trailing-comma': 'V = [ A = "1" ]',
  'vertical-tab-xml-illegal': 'V = "čeština"',
  'dash-in-name': 'VLOW = "x"',
  'dot-in-name': 'VLOW = "x"',
};

const escaping = (name: string): Scene | undefined => {
  const readback = /^one\.vm\.info--escape-(.*)-readback$/.exec(name)?.[1];
  if (readback) return tried(LEFT[readback] ?? updateOf(`one.vm.update--escape-${readback}`)!);
  return name.startsWith('one.vm.update--escape-') ? tried('OLD = "1"') : undefined;
};

/** Calls that are about no VM, or one that is not there. */
const WITHOUT = /^one\.vm\.(allocate|info--(no-such|fault)|update--(no-such|bad-mode)|chmod--x)/;

/** Sets up what a recording needs, in a stand-in that has just been started. */
export const setTheScene = (name: string, one: OpenNebula): void => {
  const running = /^one\.vm\./.test(name) && !WITHOUT.test(name) ? web : undefined;
  const scene = named[name] ?? escaping(name) ?? running;
  scene?.(new Stage(one));
};

const valid = (server: string, target: string): string => {
  const key = createHash('sha256').update('password').digest('hex').slice(0, 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.slice(0, 16));
  const expires = Math.floor(Date.now() / 1000) + 600;
  return Buffer.concat([cipher.update(`${server}:${target}:${expires}`), cipher.final()]).toString('base64');
};

/** The recorded request; where a blob of a service account has a placeholder, one that is valid here. */
export const requestOf = ({ name, request: { body } }: Recording): string =>
  name.includes('expired')
    ? body
    : body.replace(/serveradmin:(\w+)(:\d+)?:[A-Za-z0-9+/=]+/, (_, target: string, egid = '') => {
        return `serveradmin:${target}${egid}:${valid('serveradmin', target)}`;
      });
