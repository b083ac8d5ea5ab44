/** What the kinds share for one request: the calls of its caller, and who the caller is. */

import type { Tokens } from '../../lib/adapter/tokens.ts';
import type { OneClient } from './api/client.ts';
import type { Verdict } from './api/verdict.ts';
import type { OpenNebulaSettings } from './config.ts';
import type { VmTemplates } from './template/vm-templates.ts';

export interface Cloud {
  readonly client: OneClient;
  readonly settings: OpenNebulaSettings;
  /** A name for the caller that tells nothing of the session: what a process keeps per caller is kept under it. */
  readonly caller: string;
  /** Who asks. Proved already when a kind is asked: no call then. */
  verdict(): Promise<Verdict>;
  /** What this process made lately, by the token of the create. */
  readonly tokens: Tokens;
  /** VM templates that this process read lately. */
  readonly templates: VmTemplates;
}

/**
 * How long what was deleted may still be listed, in seconds: oned answers when it has accepted, and goes through an
 * epilogue. A delete that fails leaves no trace but the object itself, which is seen again then.
 */
export const LINGERS = 300;

/** Owner of a native object. */
interface Owned {
  readonly UID: number;
  readonly GID: number;
}

/** True for what the tenant owns. The rest is there for everybody who may use it: published. */
export const isOwn = ({ tenant }: OpenNebulaSettings, { uid, gid }: Verdict, { UID, GID }: Owned): boolean =>
  tenant === 'gid' ? GID === gid : UID === uid;

/** The number in a native id, or undefined for what is none: ids come from paths that clients send. */
export const objectId = (id: string): number | undefined =>
  /^(?:0|[1-9]\d{0,9})$/.test(id) && Number(id) < 2 ** 31 ? Number(id) : undefined;
