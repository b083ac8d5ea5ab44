/** Bodies of requests, checked as Neutron's API layer checks them, before any policy. */
import { isAdmin, type TokenOwner } from '../service.ts';
import type { Kind, Values } from './kind.ts';
import { badRequest } from './refusals.ts';
import type { Row } from './rows.ts';

type Said = Record<string, unknown>;

const isRecord = (value: unknown): value is Said =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('Body contains invalid data');
  }
}

/** The members of an envelope: one, or many where the request names the plural. */
function enveloped(text: string, one: string, many: string | undefined): { all: Said[]; isBulk: boolean } {
  const body = parsed(text);
  if (many !== undefined && isRecord(body) && Array.isArray(body[many])) {
    const all = body[many];
    if (all.length === 0) throw badRequest('Resources required');
    return { all: all.map((each) => (isRecord(each) ? (isRecord(each[one]) ? each[one] : each) : {})), isBulk: true };
  }
  const said = isRecord(body) ? body[one] : undefined;
  if (!isRecord(said)) throw badRequest(`Unable to find '${one}' in request body`);
  return { all: [said], isBulk: false };
}

/** The project that a creation is for: only administrators may name another than their own. */
function projectIn(said: Said, owner: TokenOwner): string {
  const named = said.project_id ?? said.tenant_id;
  if (named !== undefined && named !== owner.projectId && !isAdmin(owner)) {
    const key = said.project_id === undefined ? 'tenant_id' : 'project_id';
    throw badRequest(
      `Specifying '${key}' other than the authenticated project in request is not allowed for the current user.`,
    );
  }
  return typeof named === 'string' ? named : (owner.projectId ?? '');
}

const PROJECT_KEYS = ['project_id', 'tenant_id'];

function refuseUnknown<R extends Row>({ attributes, fields }: Kind<R>, said: Said): void {
  const isKnown = (key: string): boolean => key in attributes || key in fields || PROJECT_KEYS.includes(key);
  const unknown = Object.keys(said).filter((key) => !isKnown(key));
  if (unknown.length > 0) throw badRequest(`Unrecognized attribute(s) '${unknown.join(', ')}'`);
}

const checked = <R extends Row>({ attributes }: Kind<R>, said: Said): Values =>
  Object.fromEntries(
    Object.entries(said)
      .filter(([key]) => key in attributes)
      .map(([key, value]) => [key, attributes[key]!.check(value, key)]),
  );

export interface Wanted {
  readonly projectId: string;
  readonly values: Values;
}

/** What a creation asks for, one or many. */
export function wantedIn<R extends Row>(
  kind: Kind<R>,
  text: string,
  owner: TokenOwner,
): {
  readonly wanted: readonly Wanted[];
  readonly isBulk: boolean;
} {
  const { all, isBulk } = enveloped(text, kind.one, kind.many);
  const wanted = all.map((said) => {
    const projectId = projectIn(said, owner);
    refuseUnknown(kind, said);
    for (const key of Object.keys(said)) {
      if (!PROJECT_KEYS.includes(key) && (kind.attributes[key]?.settable ?? 'none') === 'none')
        throw badRequest(`Attribute '${key}' not allowed in POST`);
    }
    for (const [key, { isRequired }] of Object.entries(kind.attributes)) {
      if (isRequired && said[key] === undefined)
        throw badRequest(`Failed to parse request. Required attribute '${key}' not specified`);
    }
    return { projectId, values: checked(kind, said) };
  });
  return { wanted, isBulk };
}

/** What an update changes. */
export function changesIn<R extends Row>(kind: Kind<R>, text: string): Values {
  const [said] = enveloped(text, kind.one, undefined).all;
  refuseUnknown(kind, said!);
  for (const key of Object.keys(said!)) {
    if (kind.attributes[key]?.settable !== 'put') throw badRequest(`Cannot update read-only attribute ${key}`);
  }
  return checked(kind, said!);
}

/** A body without an envelope, as `add_router_interface` has it. */
export function plainBody(text: string): Values {
  const body = parsed(text);
  return isRecord(body) ? body : {};
}
