/** The audit: one line for each request that may change something, answered or refused. */
import { LogLevelThreshold } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import { isProvedByCloud, type Role } from '../auth/principal.ts';
import type { SchemeName } from '../config/auth/names.ts';
import type { Result } from '../http/result.ts';
import { isSafe } from '../http/safe.ts';
import { logger } from '../log.ts';
import { KIND_TERMS, KINDS } from '../occi/kinds/index.ts';
import type { Kind } from '../occi/types.ts';
import { type Trail, trailOf } from './request-log.ts';
import { type Source, sourceOf } from './source-address.ts';
import { withoutTokens } from './token-in-path.ts';

/**
 * A line of the audit. It never holds a credential, a header, a query or a body, and nothing of a caller but the name and
 * the address.
 */
export interface AuditLine extends Source {
  readonly requestId: string | undefined;
  /** Name of the caller, its auth scheme, and its role. Absent if the credentials were not accepted. */
  readonly who?: string;
  readonly scheme?: SchemeName;
  readonly role?: Role;
  readonly tenant?: string | undefined;
  readonly method: string;
  /** The operation; absent for a request that was refused before it was chosen. */
  readonly operation?: string | undefined;
  /** The action of OCCI that was invoked. */
  readonly action?: string | undefined;
  readonly kind?: string | undefined;
  /** Path of what was changed; of a create, that of what was made. */
  readonly entity: string;
  /** The paths of all entities that one request made, if there are several. */
  readonly made?: readonly string[];
  readonly status: number;
}

/** The fields of an event that the line is made from. An event that is not the gateway's gets its line, too. */
interface AuditedEvent {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly requestContext?: {
    readonly requestId?: string;
    readonly http?: { readonly method?: string; readonly path?: string; readonly sourceIp?: string };
  };
}

const ACTIONS: ReadonlySet<string> = new Set(
  KIND_TERMS.flatMap((term) => Object.keys((KINDS[term] satisfies Kind as Kind).actions ?? {})),
);

/** A path is at most this long where it can name an entity. */
const MAX_PATH_CHARACTERS = 2048;

/** The caller, unless the cloud refused the credentials: a name that nobody has proved may be a password. */
function whoIn(
  { caller, record, accepted }: Trail,
  status: number,
): Pick<AuditLine, 'who' | 'scheme' | 'tenant' | 'role'> {
  if (!caller || status === 401 || (isProvedByCloud(caller) && !accepted)) return {};
  const { name, scheme, grants } = caller;
  const [{ tenant, role }] = grants;
  return { who: name, scheme, tenant: record.tenant ?? tenant, role };
}

/** What was changed: the path of the request, or what it has made. */
function whatIn(path: string, { made }: Trail, { statusCode, headers }: Result): Pick<AuditLine, 'entity' | 'made'> {
  const location = statusCode === 201 ? headers?.Location : undefined;
  // Paths that clients choose and locations have no characters that a URL escapes.
  const entity = typeof location === 'string' ? location.replace(/^[a-z]+:\/\/[^/]+/i, '') : path;
  const bounded = withoutTokens(entity).slice(0, MAX_PATH_CHARACTERS);
  return made && made.length > 1 ? { entity: bounded, made } : { entity: bounded };
}

function lineOf({ headers, requestContext }: AuditedEvent, trail: Trail, response: Result): AuditLine {
  const { method = '', path = '', sourceIp = '' } = requestContext?.http ?? {};
  const { operation, kind } = trail.record;
  const forwarded = headers?.['x-forwarded-for'];
  return {
    requestId: requestContext?.requestId,
    ...whoIn(trail, response.statusCode),
    method: method.slice(0, 20),
    operation,
    action: trail.action !== undefined && ACTIONS.has(trail.action) ? trail.action : undefined,
    kind,
    ...whatIn(path, trail, response),
    ...sourceOf(sourceIp, typeof forwarded === 'string' ? forwarded : undefined, trail.trustProxy === true),
    status: response.statusCode,
  };
}

/**
 * Middleware: writes the line of each request whose method is not safe, or that changes something nevertheless. A
 * deployment has its audit at every log level but SILENT; a local run has it with the other lines, from INFO on.
 */
export function audit(): MiddlewareObj<AuditedEvent, Result>[] {
  const { level } = logger;
  if (level >= LogLevelThreshold.SILENT) return [];
  const isRaised = level > LogLevelThreshold.INFO;
  const lines = isRaised ? logger.createChild({ logLevel: 'INFO' }) : logger;
  const write: NonNullable<MiddlewareObj<AuditedEvent, Result>['after']> = ({ event, response }) => {
    const method = event?.requestContext?.http?.method;
    if (!response) return;
    const trail = trailOf(event);
    if (method !== undefined && isSafe(method) && !trail.changes) return;
    if (isRaised && trail.local) return;
    lines.info('audit', { ...lineOf(event, trail, response) });
  };
  return [{ after: write, onError: write }];
}
