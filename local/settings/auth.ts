/** The auth schemes of `npm start`: those that were asked for, those of a file, or that of the cloud. */
import type { AdapterModule } from '../../lib/adapter/module.ts';
import type { PlainScheme } from '../../lib/config/auth/names.ts';
import { entriesOf } from '../../lib/config/written.ts';
import { Refusal } from '../refusal.ts';
import type { ConfigFile } from './config-file.ts';

/** Schemes that have no settings. The server loads only types of the library. */
const PLAIN: Readonly<Record<PlainScheme, true>> = {
  basic: true,
  keystone: true,
  'cloud-token': true,
  anonymous: true,
};

/** Why `npm start` cannot serve callers of a scheme that deployments can. */
const NOT_HERE: Readonly<Record<string, string>> = {
  gateway: 'npm start has no authorizer of API Gateway; oidc verifies the tokens of an issuer itself',
};

/** For each scheme true, or why callers of this cloud cannot use it under `npm start`. */
const supportOf = ({ schemes }: Pick<AdapterModule<unknown>, 'schemes'>): Readonly<Record<string, true | string>> => ({
  ...schemes,
  ...NOT_HERE,
});

/** The auth schemes whose callers an adapter takes. */
export const schemeNames = (module: Pick<AdapterModule<unknown>, 'schemes'>): readonly string[] =>
  Object.entries(supportOf(module)).flatMap(([name, support]) => (support === true ? name : []));

/** The names in entries of the setting `auth`, as far as they have one. */
export const namesIn = (entries: readonly unknown[]): readonly string[] =>
  entries.flatMap((entry) => {
    if (typeof entry === 'string') return entry;
    return typeof entry === 'object' && entry !== null ? Object.keys(entry) : [];
  });

/**
 * The auth schemes that were asked for: names with commas between them, whose settings are those of the file, or a list in
 * JSON as in a deployment's file. Without any, those of the file, and without a file that of the cloud. A start under which a cloud could know no caller
 * is refused.
 * @param name of the adapter
 */
export function authOf(
  asked: string,
  file: Pick<ConfigFile, 'auth' | 'path'>,
  name: string,
  module: Partial<AdapterModule<unknown>>,
): readonly unknown[] {
  const { schemes, localAuth } = module;
  if (schemes === undefined || localAuth === undefined) {
    throw new Refusal(
      `the adapter ${name} does not say how it knows its callers: export schemes and localAuth from ` +
        `adapters/${name}/index.ts, as docs/adapters.md describes`,
    );
  }
  const own = file.auth ?? [];
  const entries =
    asked === '' ? (file.auth ?? [localAuth].flat()) : asked.startsWith('[') ? listIn(asked) : listed(asked, own);
  const support = supportOf({ schemes });
  // Names that do not exist are left for the functions, unless they were given as an argument.
  const wrong = namesIn(entries).find((one) =>
    Object.hasOwn(support, one) ? support[one] !== true : asked !== '' && !asked.startsWith('['),
  );
  if (wrong === undefined) return entries;
  const why = Object.hasOwn(support, wrong) ? `: ${support[wrong]}` : '';
  const choice = schemeNames({ schemes }).join(', ');
  throw new Refusal(
    asked === ''
      ? `${file.path}: auth has ${wrong}, which would let no caller of the adapter ${name} in${why}: choose with --auth from ${choice}`
      : `--auth "${wrong}" would let no caller of the adapter ${name} in${why}: leave it out, or choose ${choice}`,
  );
}

/**
 * The entries of the file with these names. A scheme with settings that the file does not have gets an empty map: the
 * functions refuse it, naming what is missing, unless it needs none.
 */
const listed = (names: string, inFile: readonly unknown[]): readonly unknown[] =>
  entriesOf(names).flatMap((name) => {
    const own = inFile.filter((entry) => namesIn([entry]).includes(name));
    return own.length > 0 ? own : Object.hasOwn(PLAIN, name) ? [name] : [{ [name]: {} }];
  });

function listIn(text: string): readonly unknown[] {
  try {
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new Refusal('--auth begins like a list in JSON and is none', { cause: error });
  }
}
